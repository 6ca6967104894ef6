//! On Linux the program is linked to a fixed address. Otherwise the loader has some fifty thousand
//! addresses to correct before the first instruction runs, milliseconds in which a client that asks for
//! the port finds it closed and comes back half a second later.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
