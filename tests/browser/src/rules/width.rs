//! No page is wider than a telephone.

use super::Problem;
use crate::survey::Survey;

/// Pages that scroll sideways as a whole on a narrow screen. What is wide may scroll by itself.
pub fn too_wide(survey: &Survey) -> Vec<Problem> {
    let wide = survey
        .pages
        .iter()
        .filter(|visit| visit.narrow.width > visit.narrow.room);
    wide.map(|visit| {
        let layout = &visit.narrow;
        let beyond = layout.beyond.join(", ");
        let (width, room) = (layout.width, layout.room);
        Problem::on(
            visit,
            format!("it is {width} pixels wide where there are {room}: {beyond}"),
        )
    })
    .collect()
}
