// Returns the colours of every text on the page, and of its background, in each of the given themes.
//
// The ground of a text consists of layers: the backgrounds of the elements around it, and in a figure the shapes
// that were painted before it and lie under it. In a listing with marked lines, every line counts as marked. If an element is half transparent, so is each of its layers. For a
// text on its own background in such an element, this is not exact.

const [themes] = arguments;

// Returns the texts in `main`, grouped by style: one element of each group, the number of texts, the first text,
// and the shapes under some points of it.
function written() {
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const texts = new Map();
    while (walker.nextNode()) {
        const text = walker.currentNode.data.trim();
        const element = walker.currentNode.parentElement;
        const style = styleOf(element);
        if (text && texts.has(style)) {
            texts.get(style).count += 1;
        } else if (text && isVisible(element)) {
            const box = boxOf(walker.currentNode);
            if (box) {
                texts.set(style, { element, text, count: 1, points: shapesUnder(element, box) });
            }
        }
    }
    return [...texts.values()];
}

// Children of one element with the same name have the same style, unless they are drawn or have a `style` attribute.
const numbers = new Map();
function styleOf(element) {
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

// Returns the shapes under some points of a text. Outside of figures there are none.
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
        return isBefore && !shape.closest('defs') && isVisible(shape);
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

// The colours of elements in one theme. The cache asks the browser once for each element.
class Colours {
    grounds = new Map();
    opacities = new Map();

    // Returns the opacity of an element, multiplied by that of the elements around it.
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

    // Returns the background of the content of an element.
    ground(element) {
        if (!element) {
            return [255, 255, 255];
        }
        if (!this.grounds.has(element)) {
            const below = this.ground(element.parentElement);
            const { backgroundColor, backgroundImage } = getComputedStyle(element);
            // A gradient marks lines of a listing. It ends in the ground of these lines.
            const mark = backgroundImage.match(/rgba?\([^)]*\)/g)?.at(-1);
            const background = colourOf(mark ?? backgroundColor);
            this.grounds.set(element, over(below, background, this.opacity(element)));
        }
        return this.grounds.get(element);
    }

    // Returns a background with shapes on it.
    under(ground, shapes) {
        return shapes.reduce((below, shape) => {
            const { fill, fillOpacity } = getComputedStyle(shape);
            const opacity = Number(fillOpacity) * this.opacity(shape);
            return fill === 'none' ? below : over(below, colourOf(fill), opacity);
        }, ground);
    }

    // Returns the colour of an element's letters on a background.
    ink(element, ground) {
        const { color, fill, fillOpacity } = getComputedStyle(element);
        const isDrawn = element instanceof SVGElement;
        const opacity = this.opacity(element) * (isDrawn ? Number(fillOpacity) : 1);
        return over(ground, colourOf(isDrawn ? fill : color), opacity);
    }
}

function coloursIn(theme, texts) {
    const colours = new Colours();
    const groups = new Map();
    for (const { element, text, count, points } of texts) {
        const figure = element.closest('main svg');
        for (const shapes of points) {
            const ground = colours.under(colours.ground(element), shapes);
            const found = {
                theme,
                element: nameOf(element),
                figure: figure ? titleOf(figure) : null,
                ink: colours.ink(element, ground),
                ground,
            };
            const key = JSON.stringify(found);
            const same = groups.get(key) ?? { ...found, text, count: 0 };
            same.count += count;
            groups.set(key, same);
        }
    }
    return [...groups.values()];
}

callBack(async () => {
    const still = document.createElement('style');
    still.textContent = '*, *::before, *::after { transition: none !important; animation: none !important; }';
    document.head.append(still);
    const texts = written();
    const measured = [];
    for (const theme of themes) {
        await paint(theme);
        measured.push(...coloursIn(theme, texts));
    }
    // The next page begins in the state of the first.
    localStorage.clear();
    return measured;
});
