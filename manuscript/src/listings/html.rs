//! The recorded form of a listing: HTML around a code block.

use std::ffi::OsStr;

use super::changes::Lines;
use super::listing::Listing;
use crate::appendix::BADGE;

/// The parts of a recorded listing.
pub struct Parts<'a> {
    pub listing: &'a Listing,
    /// The link to the whole file, if a page shows it.
    pub file: Option<&'a str>,
    /// The lines that are marked, and the reason.
    pub marked: Option<(Lines, String)>,
    /// An explanation of each function that the code calls.
    pub helpers: Vec<String>,
}

impl Parts<'_> {
    /// Returns the text of the file that the page includes.
    pub fn text(&self) -> String {
        let listing = self.listing;
        let file = &listing.mark.shown.file;
        let language = match file.extension().and_then(OsStr::to_str) {
            Some("rs") => "rust,ignore",
            Some(other) => other,
            None => "text",
        };
        let (outer, inner) = match listing.is_test() {
            true => ("details", "summary"),
            false => ("figure", "figcaption"),
        };
        let mut notes = String::new();
        if let Some((lines, reason)) = &self.marked {
            notes.push_str(&format!("<p>Marked: {lines}, {reason}.</p>\n"));
        }
        for helper in &self.helpers {
            notes.push_str(&format!("<p>{helper}</p>\n"));
        }
        format!(
            "<{outer} class=\"{}\" id=\"{}\"{}>\n<{inner}>{}</{inner}>\n\n```{language}\n{}```\n\n{notes}</{outer}>\n",
            if listing.is_vulnerable() {
                "listing vulnerable"
            } else {
                "listing"
            },
            listing.id(),
            self.style(),
            self.caption(),
            listing.code,
        )
    }

    fn caption(&self) -> String {
        let listing = self.listing;
        let mut parts = Vec::new();
        parts.extend(
            listing
                .number
                .map(|number| format!("<strong>{number}</strong>")),
        );
        let caption = listing.caption().map(|caption| inline(&caption));
        parts.extend(match (listing.tests().len(), caption) {
            (0, caption) => caption,
            (1, caption) => caption.map(|caption| format!("Test: {caption}")),
            (_, caption) => caption.map(|caption| format!("Tests: {caption}")),
        });
        if listing.is_vulnerable() {
            parts.push(BADGE.to_owned());
        }
        let file = listing.mark.shown.file.display().to_string();
        parts.push(match self.file {
            Some(link) => format!("<a class=\"filename\" href=\"{link}\">{file}</a>"),
            None => format!("<span class=\"filename\">{file}</span>"),
        });
        parts.join(" ")
    }

    /// Returns the places of the marked lines for the style sheet: a picture, a place and a size of each run.
    fn style(&self) -> String {
        let Some((lines, _)) = &self.marked else {
            return String::new();
        };
        let list = |part: &dyn Fn((usize, usize)) -> String| {
            let parts: Vec<_> = lines.runs().map(part).collect();
            parts.join(",")
        };
        format!(
            " style=\"--marks:{};--places:{};--sizes:{}\"",
            list(&|_| "var(--mark)".to_owned()),
            list(&|(first, _)| format!("-1rem {}lh", first - 1)),
            list(&|(_, count)| format!("var(--mark-width) {count}lh")),
        )
    }
}

/// Returns Markdown with no more than `code` as HTML.
pub fn inline(markdown: &str) -> String {
    let escaped = markdown
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let mut html = String::new();
    for (index, part) in escaped.split('`').enumerate() {
        html.push_str(match index {
            0 => "",
            index if index % 2 == 1 => "<code>",
            _ => "</code>",
        });
        html.push_str(part);
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_a_caption_stays_code() {
        assert_eq!(
            inline("`new` & a `Vec<u8>`"),
            "<code>new</code> &amp; a <code>Vec&lt;u8&gt;</code>"
        );
    }
}
