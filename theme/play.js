// Runs that a reader changes. Only a server of the book has this script: without it, a page is what was recorded.
//
// A run with inputs declares them below its drawing. This script shows them as controls, lets the server play the run
// when one changes, shows what came out in the place of the recorded run, and marks what differs.
(() => {
    'use strict';

    const SERVICE = '/play';

    const element = (name, className, text = '') => {
        const made = document.createElement(name);
        made.className = className;
        made.textContent = text;
        return made;
    };

    // A list of named values, or a number between two bounds.
    const control = input => {
        const label = element('label', 'run-input');
        label.append(element('span', '', input.label));
        if (input.choices) {
            const list = document.createElement('select');
            list.name = input.name;
            for (const [value, words] of input.choices) {
                list.append(new Option(words, value));
            }
            label.append(list);
            return {label, field: list, recorded: list.value};
        }
        const range = document.createElement('input');
        range.type = 'range';
        range.name = input.name;
        range.min = input.least;
        range.max = input.most;
        range.value = input.recorded;
        const words = element('output', '');
        const tell = () => {
            words.textContent = `${range.valueAsNumber.toLocaleString('en')} ${input.unit}`;
            range.setAttribute('aria-valuetext', words.textContent);
        };
        range.addEventListener('input', tell);
        label.append(range, words);
        tell();
        return {label, field: range, recorded: range.value, tell};
    };

    // The parts of a run that a new one replaces, and the texts behind a click.
    const PARTS = '.run-drawing, .run-blocks, .run-legend, .trace-words, .run-outcome, .run-balances';
    const partsOf = run => Array.from(run.children).filter(part => part.matches(PARTS));
    const textsOf = run => Array.from(run.querySelectorAll('.run-details code'));

    // What is compared: a card, a sentence of the outcome, a balance.
    const FACTS = 'svg g.card, .run-step, .run-outcome > p, .run-balances > li';
    const factsOf = parts => parts.flatMap(part => Array.from(part.querySelectorAll(FACTS)));
    const words = fact => fact.textContent.replace(/\s+/g, ' ').trim();

    const markDifferences = (parts, recorded) => {
        const known = new Set(factsOf(recorded).map(words));
        const differing = factsOf(parts).filter(fact => !known.has(words(fact)));
        differing.forEach(fact => fact.classList.add('differs'));
        return differing.filter(fact => fact.matches('g.card')).length;
    };

    const report = (cards, isRecorded) => {
        if (isRecorded) {
            return 'This is the recorded run.';
        }
        switch (cards) {
            case 0: return 'Played. Each receipt is as recorded.';
            case 1: return 'Played. One card differs from the recorded run.';
            default: return `Played. ${cards} cards differ from the recorded run.`;
        }
    };

    const makePlayable = (run, inputs) => {
        const figure = run.id.replace(/^run-/, '');
        const recorded = partsOf(run);
        const texts = textsOf(run);
        const recordedTexts = texts.map(code => code.textContent);

        const form = element('form', 'run-play');
        form.setAttribute('aria-label', 'Change this run');
        const fields = element('fieldset', '');
        fields.disabled = true;
        const controls = inputs.map(control);
        const back = element('button', '', 'Back to the recorded run');
        back.type = 'button';
        const status = element('output', 'run-status', 'The set-up is not done yet: these controls wait for it.');
        status.setAttribute('role', 'status');
        fields.append(...controls.map(({label}) => label), back);
        form.append(fields, status);
        run.querySelector('.run-inputs').before(form);

        const valuesNow = () => JSON.stringify(controls.map(({field}) => field.value));
        const recordedValues = valuesNow();
        let shownValues = recordedValues;

        const show = (parts, newTexts) => {
            partsOf(run).forEach(part => part.remove());
            form.before(...parts);
            texts.forEach((code, index) => {
                code.textContent = newTexts[index];
            });
        };

        const badge = run.querySelector('.run-badge');
        const warn = isVulnerable => badge?.toggleAttribute('hidden', !isVulnerable);

        const restore = () => {
            show(recorded, recordedTexts);
            warn(true);
            status.textContent = report(0, true);
        };

        const showPlayed = reply => {
            const parsed = new DOMParser().parseFromString(reply.html, 'text/html');
            const parts = Array.from(parsed.querySelectorAll('.run > *')).filter(part => part.matches(PARTS));
            const cards = markDifferences(parts, recorded);
            warn(parsed.querySelector('.run-badge') !== null);
            show(parts.map(part => document.importNode(part, true)), [reply.text, reply.gas]);
            run.dispatchEvent(new CustomEvent('run-drawn', {bubbles: true}));
            status.textContent = report(cards, false);
        };

        const ask = async () => {
            const named = inputs.map((input, index) => [input.name, controls[index].field.value]);
            const response = await fetch(SERVICE, {
                method: 'POST',
                headers: {'Content-Type': 'application/json'},
                body: JSON.stringify({figure, inputs: Object.fromEntries(named)}),
            });
            const reply = await response.json();
            if (reply.error) {
                throw new Error(reply.error);
            }
            return reply;
        };

        let loading = null;
        const load = () => {
            // If it fails, a change tells why.
            loading ??= ask().catch(() => {});
        };

        // One run at a time. What changes meanwhile is played after it.
        let isPlaying = false;
        let isStale = false;
        const play = async () => {
            isStale = true;
            if (isPlaying) {
                return;
            }
            isPlaying = true;
            while (isStale) {
                isStale = false;
                const values = valuesNow();
                if (values === shownValues) {
                    continue;
                }
                shownValues = values;
                if (values === recordedValues) {
                    restore();
                    continue;
                }
                run.setAttribute('aria-busy', 'true');
                status.textContent = 'Running. A contract that is not built yet takes a minute.';
                try {
                    await loading;
                    const reply = await ask();
                    if (valuesNow() === values) {
                        showPlayed(reply);
                    }
                } catch (error) {
                    restore();
                    shownValues = null;
                    status.textContent = `This run was not played: ${error.message}`;
                }
                run.removeAttribute('aria-busy');
            }
            isPlaying = false;
        };

        // A driver of a browser says `input` before the value changes, and `change` after it.
        form.addEventListener('input', play);
        form.addEventListener('change', play);
        form.addEventListener('submit', event => event.preventDefault());
        // The arrow keys would turn the page.
        form.addEventListener('keydown', event => event.stopPropagation());
        back.addEventListener('click', () => {
            for (const {field, recorded: value, tell} of controls) {
                field.value = value;
                tell?.();
            }
            play();
        });

        return () => {
            fields.disabled = false;
            status.textContent = report(0, true);
            // The first run of a contract loads it, which takes a second. It need not wait for a change.
            fields.addEventListener('pointerenter', load);
            fields.addEventListener('focusin', load);
        };
    };

    const runs = Array.from(document.querySelectorAll('.run > .run-inputs'), declared =>
        makePlayable(declared.parentElement, JSON.parse(declared.textContent)));

    // The server replies when runs can be played, or after a while, so that the page asks again. The figures without inputs
    // wait for it too: `edits.js` plays them with the contract that a reader edits.
    const wait = async () => {
        const response = await fetch(SERVICE);
        const {ready, error} = await response.json();
        if (error) {
            throw new Error(error);
        }
        if (!ready) {
            return wait();
        }
        runs.forEach(wake => wake());
        return document.dispatchEvent(new Event('runs-ready'));
    };
    if (document.querySelector('.run, .filename')) {
        wait().catch(() => document.querySelectorAll('.run-play').forEach(form => form.remove()));
    }
})();
