// Measures the rectangles of the figures and of everything in them, and the size of the page.

// The distance of the points on an arrow, in pixels.
const STEP = 4;

function rectangleOf(element) {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { left: left + scrollX, top: top + scrollY, width, height };
}

function figureOf(svg) {
    const cards = [...svg.querySelectorAll('g.card')].filter(isVisible);
    const texts = [...svg.querySelectorAll('text')];
    const arrows = svg.matches('.trace') ? svg.querySelectorAll('g:not(.card) > path:not(.head)') : [];
    return {
        title: titleOf(svg),
        is_trace: svg.matches('.trace'),
        rectangle: rectangleOf(svg),
        written: texts.length,
        texts: texts.filter((text) => isVisible(text) && text.textContent.trim()).map((text) => ({
            text: text.textContent.trim(),
            rectangle: rectangleOf(text),
            card: [cards.indexOf(text.closest('g.card'))].find((index) => index >= 0) ?? null,
        })),
        cards: cards.map((card) => ({
            text: [...card.querySelectorAll('text')].map((text) => text.textContent.trim()).join(' '),
            rectangle: rectangleOf(card.querySelector('rect')),
        })),
        arrows: [...arrows].filter(isVisible).map(pointsOf),
        drawn_cards: svg.querySelectorAll('g.card').length,
        listed_cards: [...(svg.closest('.run')?.querySelectorAll('.run-step') ?? [])].filter(isVisible).length,
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

// Returns the elements that make the page wider than the window and lie in no element that scrolls by itself.
function beyond(windowWidth) {
    const reaches = (element) => element.getBoundingClientRect().right + scrollX > windowWidth + 1;
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
    const windowWidth = document.documentElement.clientWidth;
    const width = document.scrollingElement.scrollWidth;
    return {
        figures: drawn().map(figureOf),
        width,
        window_width: windowWidth,
        height: closedHeight,
        window_height: innerHeight,
        beyond: width > windowWidth ? beyond(windowWidth).map(nameOf) : [],
        requests: performance.getEntriesByType('resource').map((entry) => entry.name),
    };
});
