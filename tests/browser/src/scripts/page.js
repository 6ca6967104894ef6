// The shared part of both scripts. The scripts are joined before they run, and get their input as `arguments`.

const done = arguments[arguments.length - 1];

// The icons of mdBook, and everything that screen readers skip.
const DECORATION = '[aria-hidden="true"], .blockquote-tag-title, .fa-svg, button';

// Returns the drawn figures, without parts of figures and decorations.
function drawn() {
    const figures = document.querySelectorAll('main svg');
    return [...figures].filter((svg) => !svg.closest(DECORATION) && !svg.parentElement.closest('svg'));
}

function titleOf(svg) {
    const title = svg.querySelector(':scope > title');
    return title ? title.textContent.trim() : '';
}

// Returns the name of an element as in CSS.
function nameOf(element) {
    const classes = [...element.classList].map((name) => `.${name}`);
    return element.tagName.toLowerCase() + classes.join('');
}

function isVisible(element) {
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
}

const closedHeight = document.scrollingElement.scrollHeight;

// Folded parts are measured too.
for (const folded of document.querySelectorAll('main details')) {
    folded.open = true;
}

// So is what a switch shows.
for (const box of document.querySelectorAll('main input[type=checkbox]')) {
    box.checked = true;
}

function callBack(measure) {
    Promise.resolve()
        .then(measure)
        .then((measured) => done({ measured }), (error) => done({ failed: `${error}\n${error.stack}` }));
}
