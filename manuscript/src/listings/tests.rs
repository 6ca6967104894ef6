//! Listings of a small book.
