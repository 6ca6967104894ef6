// Where the figures of the page and the things in them stand, and whether the page is wider than its room.

// Every so many pixels an arrow has a point.
const STEP = 4;

function placeOf(element) {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { left: left + scrollX, top: top + scrollY, width, height };
}

function figureOf(svg) {
    const cards = [...svg.querySelectorAll('g.card')].filter(isSeen);
    const texts = [...svg.querySelectorAll('text')];
    const arrows = svg.matches('.trace') ? svg.querySelectorAll('g:not(.card) > path:not(.head)') : [];
    return {
        title: titleOf(svg),
        is_trace: svg.matches('.trace'),
        place: placeOf(svg),
        written: texts.length,
        texts: texts.filter((text) => isSeen(text) && text.textContent.trim()).map((text) => ({
            words: text.textContent.trim(),
            place: placeOf(text),
            card: [cards.indexOf(text.closest('g.card'))].find((place) => place >= 0) ?? null,
        })),
        cards: cards.map((card) => ({
            words: [...card.querySelectorAll('text')].map((text) => text.textContent.trim()).join(' '),
            place: placeOf(card.querySelector('rect')),
        })),
        arrows: [...arrows].filter(isSeen).map(pointsOf),
    };
}

function pointsOf(path) {
    const toPage = path.getScreenCTM();
    const points = [];
    for (let far = 0; far <= path.getTotalLength(); far += STEP) {
        const { x, y } = path.getPointAtLength(far).matrixTransform(toPage);
        points.push([x + scrollX, y + scrollY]);
    }
    return points;
}

// What makes the page wider than its room: what reaches over the edge and lies in nothing that scrolls by itself.
function beyond(room) {
    const reaches = (element) => element.getBoundingClientRect().right + scrollX > room + 1;
    const isFree = (element) => {
        for (let outer = element.parentElement; outer; outer = outer.parentElement) {
            if (outer !== document.documentElement && outer !== document.body
                && getComputedStyle(outer).overflowX !== 'visible') {
                return false;
            }
        }
        return true;
    };
    return [...document.querySelectorAll('main *')].filter((element) => reaches(element) && isFree(element));
}

callBack(() => {
    const room = document.documentElement.clientWidth;
    const width = document.scrollingElement.scrollWidth;
    return {
        figures: drawn().map(figureOf),
        width,
        room,
        beyond: width > room ? beyond(room).map(nameOf) : [],
        asked: performance.getEntriesByType('resource').map((entry) => entry.name),
    };
});
