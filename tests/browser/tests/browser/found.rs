//! Tests that each rule finds its problem, on small pages that break it.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use browser_tests::rules::{Problem, assert_found, assert_none};
use browser_tests::rules::{contrast, figures, network, overlaps, screens, weight, width};
use browser_tests::{Book, Survey};

/// A correct diagram of two cards and an arrow.
const DIAGRAM: &str = "\
<svg class=\"trace\" width=\"300\" height=\"200\" role=\"img\"><title>A call</title>\
<text x=\"5\" y=\"15\">block 0</text>\
<g class=\"card\"><rect x=\"80\" y=\"20\" width=\"120\" height=\"40\"/><text x=\"90\" y=\"45\">sign</text></g>\
<g class=\"card\"><rect x=\"80\" y=\"120\" width=\"120\" height=\"40\"/><text x=\"90\" y=\"145\">answer</text></g>\
<g class=\"sends\"><path d=\"M140 60V112\"/><path class=\"head\" d=\"M136 112L140 120L144 112z\"/></g>\
</svg>";

/// The head of every page: the themes, and a style for each.
const HEAD: &str = "\
<!DOCTYPE html><html class=\"light\"><head><meta charset=\"utf-8\"><title>Small</title><link rel=\"icon\" href=\"data:,\"><style>\
html { background: #fff; color: #000; } html.navy { background: #161923; color: #fff; }\
svg { font: 12px monospace; fill: currentColor; max-width: none; }\
svg rect { fill: #fff; stroke: #000; } .navy svg rect { fill: #161923; stroke: #fff; }\
svg path { fill: none; stroke: currentColor; }\
</style></head><body><script>\
for (const theme of ['light', 'rust', 'coal', 'navy', 'ayu']) {\
const button = document.createElement('button');\
button.id = `mdbook-theme-${theme}`;\
button.onclick = () => { document.documentElement.className = theme; };\
document.body.append(button);\
}\
</script><main>";

/// Returns the pages, with the name of the problem in each.
fn pages() -> Vec<(&'static str, String)> {
    let diagram = |from: &str, to: &str| DIAGRAM.replacen(from, to, 1);
    let picture =
        |inner: &str| format!("<svg width=\"200\" height=\"60\"><title>Plot</title>{inner}</svg>");
    vec![
        ("in-order", in_order()),
        ("no-size", DIAGRAM.replace("width=\"300\" height=\"200\"", "width=\"0\" height=\"0\" overflow=\"visible\"")),
        ("no-text", picture("<rect width=\"50\" height=\"50\"/>")),
        ("no-cards", diagram("class=\"card\"", "").replace("class=\"card\"", "")),
        ("not-shown", "<p>A call.</p>".to_owned()),
        ("half-shown", diagram("<text x=\"90\" y=\"145\">answer</text>", "")),
        ("cut-off", picture("<text x=\"180\" y=\"30\">too far right</text>")),
        ("out-of-card", diagram(">sign<", ">sign something that is too long<")),
        ("texts", picture("<text x=\"10\" y=\"30\">one</text><text x=\"20\" y=\"34\">two</text>")),
        ("cards", diagram("y=\"120\" width", "y=\"55\" width")),
        ("arrow", diagram("x=\"5\" y=\"15\"", "x=\"120\" y=\"95\"")),
        ("pale", "<p style=\"color: var(--ink, #000)\">Hardly there</p><style>.navy { --ink: #444 }</style>".to_owned()),
        ("pale-card", diagram("<rect", "<rect style=\"fill: #222\"")),
        ("pale-by-opacity", "<p style=\"opacity: 0.4\">Half there</p>".to_owned()),
        (
            "pale-on-a-mark",
            "<code style=\"color: #777; background-image: linear-gradient(90deg, #000 4px, #bbb 4px)\">Marked</code>".to_owned(),
        ),
        ("misses", "<img src=\"gone.png\" alt=\"Gone\">".to_owned()),
        ("asks-others", "<img src=\"https://near.example/call.png\" alt=\"Elsewhere\">".to_owned()),
        ("complains", "<script>console.error('not well');</script>".to_owned()),
        ("heavy", format!("<!-- {} -->", "heavy ".repeat(2_000))),
        ("long", "<div style=\"height: 3000px\">A wall</div>".to_owned()),
        ("folded", "<details><div style=\"height: 3000px\">A wall</div></details>".to_owned()),
        ("wide", "<div class=\"plank\" style=\"width: 600px\">A plank</div>".to_owned()),
    ]
}

/// Returns a page without a problem: a diagram that scrolls by itself, and a decoration without text.
fn in_order() -> String {
    let wide = DIAGRAM.replace("width=\"300\"", "width=\"900\"");
    format!(
        "<p>A call.</p><div style=\"overflow-x: auto\">{wide}</div><svg aria-hidden=\"true\"></svg>"
    )
}

static SURVEY: LazyLock<Survey> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    lay(folder.path());
    Survey::of(&Book::at(folder.path(), folder.path()).unwrap()).unwrap()
});

/// Writes a book of all the pages.
fn lay(folder: &Path) {
    fs::create_dir(folder.join("figures")).unwrap();
    fs::write(folder.join("figures/call.svg"), DIAGRAM).unwrap();
    let mut toc = String::new();
    for (name, body) in pages() {
        toc.push_str(&format!("<a href=\"{name}.html\">{name}</a>"));
        fs::write(
            folder.join(format!("{name}.html")),
            format!("{HEAD}{body}</main></body></html>"),
        )
        .unwrap();
        let markdown = match body.contains("class=\"trace\"") || name == "not-shown" {
            true => "{{#include figures/call.svg}}",
            false => "",
        };
        fs::write(folder.join(format!("{name}.md")), markdown).unwrap();
    }
    fs::write(folder.join("toc.html"), toc).unwrap();
}

#[track_caller]
fn found(rule: fn(&Survey) -> Vec<Problem>, page: &str, message: &str) {
    assert_found(&rule(&SURVEY), &format!("{page}.html"), message);
}

const RULES: [fn(&Survey) -> Vec<Problem>; 12] = [
    figures::empty,
    figures::incomplete,
    overlaps::cut_off,
    overlaps::out_of_card,
    overlaps::overlapping_texts,
    overlaps::overlapping_cards,
    overlaps::crossed_by_arrows,
    contrast::pale,
    network::requests_to_others,
    network::missing,
    network::console_problems,
    width::too_wide,
];

#[test]
fn a_correct_page_has_no_problem() {
    let mut problems: Vec<_> = RULES.iter().flat_map(|rule| rule(&SURVEY)).collect();
    problems.retain(|problem| problem.page == "in-order.html");

    assert_none(&problems);
}

#[test]
fn a_figure_without_size_is_found() {
    found(
        figures::empty,
        "no-size",
        "figure \"A call\": it has no size",
    );
}

#[test]
fn a_figure_without_text_is_found() {
    found(figures::empty, "no-text", "figure \"Plot\": it has no text");
}

#[test]
fn a_diagram_without_cards_is_found() {
    found(figures::empty, "no-cards", "has no cards");
}

#[test]
fn an_included_figure_that_is_not_shown_is_found() {
    let page = "not-shown.html";
    let problems: Vec<_> = figures::incomplete(&SURVEY)
        .into_iter()
        .filter(|problem| problem.page == page)
        .map(|problem| problem.message)
        .collect();

    let expected = [
        "figures/call.svg is missing or incomplete: no figure has its title and its 3 texts",
        "1 diagrams of transactions are included, 0 are shown",
    ];
    assert_eq!(problems, expected);
}

#[test]
fn a_figure_that_is_shown_in_part_is_found() {
    found(
        figures::incomplete,
        "half-shown",
        "figures/call.svg is missing or incomplete",
    );
}

#[test]
fn a_text_that_is_cut_off_is_found() {
    found(overlaps::cut_off, "cut-off", "\"too far right\"");
}

#[test]
fn a_text_that_reaches_out_of_its_card_is_found() {
    found(
        overlaps::out_of_card,
        "out-of-card",
        "\"sign something that is too long\"",
    );
}

#[test]
fn overlapping_texts_are_found() {
    found(overlaps::overlapping_texts, "texts", "the texts \"one\"");
}

#[test]
fn overlapping_cards_are_found() {
    found(overlaps::overlapping_cards, "cards", "the cards \"sign\"");
}

#[test]
fn an_arrow_that_crosses_a_text_is_found() {
    found(
        overlaps::crossed_by_arrows,
        "arrow",
        "an arrow crosses the text \"block 0\"",
    );
}

#[test]
fn a_text_that_is_pale_in_one_theme_is_found() {
    found(
        contrast::pale,
        "pale",
        "navy: p is #444444 on #161923, 1.80:1",
    );
}

#[test]
fn a_text_in_a_figure_is_compared_with_the_shape_under_it() {
    found(
        contrast::pale,
        "pale-card",
        "figure \"A call\": text is #000000 on #222222",
    );
}

#[test]
fn a_text_that_is_pale_by_its_opacity_is_found() {
    found(contrast::pale, "pale-by-opacity", "on #");
}

#[test]
fn a_text_that_is_pale_on_a_marked_line_is_found() {
    found(
        contrast::pale,
        "pale-on-a-mark",
        "code is #777777 on #bbbbbb",
    );
}

#[test]
fn a_missing_file_is_found() {
    found(network::missing, "misses", "there is no gone.png");
}

#[test]
fn a_request_to_another_host_is_found() {
    found(
        network::requests_to_others,
        "asks-others",
        "https://near.example/call.png",
    );
}

#[test]
fn a_request_to_another_host_fails() {
    found(
        network::console_problems,
        "asks-others",
        "net::ERR_NAME_NOT_RESOLVED",
    );
}

#[test]
fn an_error_on_the_console_is_found() {
    found(network::console_problems, "complains", "not well");
}

#[test]
fn a_page_that_is_too_large_is_found_with_its_files() {
    let problems = weight::heavier_than(10_000, &SURVEY);

    assert_found(&problems, "heavy.html", "  heavy.html");
}

#[test]
fn a_page_that_is_too_long_is_found() {
    let problems = screens::longer_than(2.0, &SURVEY);

    assert_found(&problems, "long.html", "screens are more than 2");
}

#[test]
fn closed_details_add_nothing_to_a_page() {
    let problems = screens::longer_than(2.0, &SURVEY);

    let folded = problems
        .iter()
        .find(|problem| problem.page == "folded.html");
    assert_eq!(folded, None);
}

#[test]
fn a_page_that_is_too_wide_is_found_with_its_widest_element() {
    found(
        width::too_wide,
        "wide",
        "608 pixels wide, and the window is 390: div.plank",
    );
}
