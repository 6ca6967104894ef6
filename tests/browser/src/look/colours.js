// The colours of every text on the page, and of what it stands on, in each of the themes that are asked for.
//
// The ground of a text is made of layers: the backgrounds of the elements around it, and in a figure the
// shapes that were painted before it and lie under it. Where an element is half transparent, so is each of
// its layers; for a text on a ground of its own in such an element, that is a little off.

const [themes] = arguments;

// What has words of its own in `main`: one element for all that look alike, how many there are, what the
// first of them says, and the shapes under some points of it.
function written() {
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const texts = new Map();
    while (walker.nextNode()) {
        const words = walker.currentNode.data.trim();
        const element = walker.currentNode.parentElement;
        const alike = lookOf(element);
        if (words && texts.has(alike)) {
            texts.get(alike).count += 1;
        } else if (words && isSeen(element)) {
            const box = boxOf(walker.currentNode);
            if (box) {
                texts.set(alike, { element, words, count: 1, places: shapesUnder(element, box) });
            }
        }
    }
    return [...texts.values()];
}

// Children of one element with the same name look alike, unless they are drawn or have a style of their own.
const numbers = new Map();
function lookOf(element) {
    const parent = element.parentElement;
    const isAlone = element instanceof SVGElement || element.hasAttribute('style') || !parent;
    const [among, name] = isAlone ? [element, ''] : [parent, nameOf(element)];
    if (!numbers.has(among)) {
        numbers.set(among, numbers.size);
    }
    return `${numbers.get(among)} ${name}`;
}

function boxOf(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].find((box) => box.width && box.height);
}

// For each of some points of a text, the shapes under it. Outside of figures there are none.
function shapesUnder(element, box) {
    if (!(element instanceof SVGElement)) {
        return [[]];
    }
    const middle = box.top + box.height / 2;
    const points = [box.left + 1, box.left + box.width / 2, box.right - 1].map((x) => new DOMPoint(x, middle));
    const figure = element.closest('main svg');
    const shapes = [...figure.querySelectorAll('rect, circle, ellipse, polygon, polyline, path')];
    const before = shapes.filter((shape) => {
        const isBefore = shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
        return isBefore && !shape.closest('defs') && isSeen(shape);
    });
    return points.map((point) => before.filter((shape) => covers(shape, point)));
}

function covers(shape, point) {
    return shape.isPointInFill(point.matrixTransform(shape.getScreenCTM().inverse()));
}

// Changes the theme as a reader does, and waits for the style sheets that come with it.
async function paint(theme) {
    const button = document.getElementById(`mdbook-theme-${theme}`);
    if (!button) {
        throw new Error(`the page has no theme ${theme}`);
    }
    button.click();
    const links = [...document.querySelectorAll('link[rel="stylesheet"]')];
    const missing = links.filter((link) => !link.disabled && !link.sheet);
    await Promise.all(missing.map((link) => new Promise((loaded, failed) => {
        link.addEventListener('load', loaded, { once: true });
        link.addEventListener('error', () => failed(new Error(`${link.href} does not load`)), { once: true });
    })));
}

function colourOf(css) {
    const numbers = css.match(/[\d.]+(e-?\d+)?/g)?.map(Number) ?? [];
    const [red, green, blue, alpha = 1] = numbers;
    if (/^rgba?\(/.test(css)) {
        return { colour: [red, green, blue], alpha };
    }
    if (css.startsWith('color(srgb ')) {
        return { colour: [red, green, blue].map((part) => part * 255), alpha };
    }
    throw new Error(`a colour that this script cannot read: ${css}`);
}

function over(ground, { colour, alpha }, opacity) {
    const part = alpha * opacity;
    return ground.map((below, channel) => colour[channel] * part + below * (1 - part));
}

// How elements look in one theme. What many texts ask for is asked of the browser once.
class Looks {
    grounds = new Map();
    opacities = new Map();

    // How much of an element is seen through those around it, itself included.
    opacity(element) {
        if (!element) {
            return 1;
        }
        if (!this.opacities.has(element)) {
            const own = Number(getComputedStyle(element).opacity);
            this.opacities.set(element, own * this.opacity(element.parentElement));
        }
        return this.opacities.get(element);
    }

    // The ground that an element gives to what is in it.
    ground(element) {
        if (!element) {
            return [255, 255, 255];
        }
        if (!this.grounds.has(element)) {
            const below = this.ground(element.parentElement);
            const background = colourOf(getComputedStyle(element).backgroundColor);
            this.grounds.set(element, over(below, background, this.opacity(element)));
        }
        return this.grounds.get(element);
    }

    // A ground with shapes on it.
    under(ground, shapes) {
        return shapes.reduce((below, shape) => {
            const { fill, fillOpacity } = getComputedStyle(shape);
            const opacity = Number(fillOpacity) * this.opacity(shape);
            return fill === 'none' ? below : over(below, colourOf(fill), opacity);
        }, ground);
    }

    // The colour of an element's letters on a ground.
    ink(element, ground) {
        const { color, fill, fillOpacity } = getComputedStyle(element);
        const isDrawn = element instanceof SVGElement;
        const opacity = this.opacity(element) * (isDrawn ? Number(fillOpacity) : 1);
        return over(ground, colourOf(isDrawn ? fill : color), opacity);
    }
}

function coloursIn(theme, texts) {
    const looks = new Looks();
    const seen = new Map();
    for (const { element, words, count, places } of texts) {
        const figure = element.closest('main svg');
        for (const shapes of places) {
            const ground = looks.under(looks.ground(element), shapes);
            const text = {
                theme,
                element: nameOf(element),
                figure: figure ? titleOf(figure) : null,
                ink: looks.ink(element, ground),
                ground,
            };
            const look = JSON.stringify(text);
            const same = seen.get(look) ?? { ...text, words, count: 0 };
            same.count += count;
            seen.set(look, same);
        }
    }
    return [...seen.values()];
}

callBack(async () => {
    const still = document.createElement('style');
    still.textContent = '*, *::before, *::after { transition: none !important; animation: none !important; }';
    document.head.append(still);
    const texts = written();
    const seen = [];
    for (const theme of themes) {
        await paint(theme);
        seen.push(...coloursIn(theme, texts));
    }
    // The next page begins as if it were the first.
    localStorage.clear();
    return seen;
});
