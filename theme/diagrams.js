// What a diagram can do where there is JavaScript: a slider steps through its blocks, and a card that the
// pointer or the focus is on tells all that is known of it. Without JavaScript the whole diagram is there,
// and its <desc> has a line for each card, in their order.
(() => {
    'use strict';

    // The line below a diagram that says what a card is about.
    const teller = () => {
        const line = document.createElement('output');
        line.className = 'trace-words';
        line.textContent = 'Point at a receipt, or move to it with Tab, and it tells its logs and its result.';
        return line;
    };

    const makeTell = (card, words, line) => {
        const tell = () => {
            line.textContent = words;
        };
        card.setAttribute('tabindex', '0');
        card.setAttribute('role', 'img');
        card.setAttribute('aria-label', words);
        card.addEventListener('pointerenter', tell);
        card.addEventListener('focus', tell);
    };

    const slider = (svg, blocks) => {
        const label = document.createElement('label');
        label.className = 'trace-blocks';
        const range = document.createElement('input');
        range.type = 'range';
        range.min = '0';
        range.max = String(blocks.length - 1);
        range.value = range.max;
        const name = document.createElement('span');
        const show = () => {
            const last = Number(range.value);
            name.textContent = `up to ${blocks[last]}`;
            range.setAttribute('aria-valuetext', name.textContent);
            for (const part of svg.querySelectorAll('[data-row]')) {
                part.classList.toggle('later', Number(part.dataset.row) > last);
            }
        };
        range.addEventListener('input', show);
        // The arrow keys would turn the page.
        range.addEventListener('keydown', event => event.stopPropagation());
        label.append(range, name);
        show();
        return label;
    };

    const enhance = svg => {
        const blocks = Array.from(svg.querySelectorAll(':scope > text.block'), text => text.textContent);
        const line = teller();
        // One picture for a screen reader until now; from here on its cards are reached one by one.
        svg.setAttribute('role', 'group');
        const words = svg.querySelector('desc').textContent.trim().split('\n');
        for (const [place, card] of svg.querySelectorAll('g.card').entries()) {
            makeTell(card, words[place], line);
        }
        const legend = svg.closest('.run').querySelector('.run-legend');
        legend.prepend(slider(svg, blocks));
        legend.after(line);
    };

    const enhanceIn = element => element.querySelectorAll('.run-drawing > svg.trace').forEach(enhance);

    enhanceIn(document);
    // A run that was drawn anew.
    document.addEventListener('run-drawn', event => enhanceIn(event.target));
})();
