//! Texts in the lines of a card.

use crate::text;

/// The words of a text in lines of at most `width` characters, and at most so many of them. A long name is
/// cut after a `_`.
pub(super) fn fitted(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let words = text.split([' ', '\n']).filter(|word| !word.is_empty());
    for word in words {
        for (place, piece) in pieces(word, width).into_iter().enumerate() {
            let length = piece.chars().count();
            match lines.last_mut() {
                Some(line) if place == 0 && line.chars().count() + 1 + length <= width => {
                    line.push(' ');
                    line.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let kept: String = last.chars().take(width - 1).collect();
            *last = format!("{kept}…");
        }
    }
    lines
        .into_iter()
        .map(|line| line.replace(text::JOINT, " "))
        .collect()
}

fn pieces(word: &str, width: usize) -> Vec<String> {
    let mut left: Vec<char> = word.chars().collect();
    let mut pieces = Vec::new();
    while left.len() > width {
        let joint = left[..width]
            .iter()
            .rposition(|letter| "_,:-/".contains(*letter));
        let rest = left.split_off(joint.map_or(width, |joint| joint + 1));
        pieces.push(left.into_iter().collect());
        left = rest;
    }
    pieces.push(left.into_iter().collect());
    pieces
}
