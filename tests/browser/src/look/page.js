// What both scripts need. They are put together before they run, and see what they are given as `arguments`.

const done = arguments[arguments.length - 1];

// What mdBook draws beside the words, and what screen readers pass over.
const DECORATION = '[aria-hidden="true"], .blockquote-tag-title, .fa-svg, button';

// The drawn figures: whole ones, and no decoration.
function drawn() {
    const figures = document.querySelectorAll('main svg');
    return [...figures].filter((svg) => !svg.closest(DECORATION) && !svg.parentElement.closest('svg'));
}

function titleOf(svg) {
    const title = svg.querySelector(':scope > title');
    return title ? title.textContent.trim() : '';
}

// An element as a style sheet would name it.
function nameOf(element) {
    const classes = [...element.classList].map((name) => `.${name}`);
    return element.tagName.toLowerCase() + classes.join('');
}

function isSeen(element) {
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
}

// What is folded is looked at too.
for (const folded of document.querySelectorAll('main details')) {
    folded.open = true;
}

function callBack(look) {
    Promise.resolve()
        .then(look)
        .then((seen) => done({ seen }), (error) => done({ failed: `${error}\n${error.stack}` }));
}
