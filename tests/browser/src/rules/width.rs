//! The rule that no page is wider than a telephone.

use super::Problem;
use crate::survey::Survey;

/// Finds pages that scroll sideways as a whole on a narrow screen. A part that is too wide may scroll by
/// itself.
pub fn too_wide(survey: &Survey) -> Vec<Problem> {
    let wide = survey
        .pages
        .iter()
        .filter(|visit| visit.narrow.width > visit.narrow.window_width);
    wide.map(|visit| {
        let layout = &visit.narrow;
        let beyond = layout.beyond.join(", ");
        let (width, window_width) = (layout.width, layout.window_width);
        Problem::on(
            visit,
            format!("it is {width} pixels wide, and the window is {window_width}: {beyond}"),
        )
    })
    .collect()
}
