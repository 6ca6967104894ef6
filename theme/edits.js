// The contract that a reader edits. Only a server of the book has this script.
//
// The server builds each saved change, and says so to the pages that are in sight. Below each run with inputs this
// script then shows the run with the edited contract, what differs from the committed one, and what cargo says if the
// contract does not build. The recorded run stays where it is. A page that is loaded again keeps its inputs.
(() => {
    'use strict';

    const SERVICE = '/play/edits';
    const PARTS = '.run-drawing, .run-blocks, .run-legend, .trace-words, .run-outcome, .run-balances';
    const FACTS = 'svg g.card, .run-step, .run-outcome > p, .run-balances > li';

    const element = (name, className, text = '') => {
        const made = document.createElement(name);
        made.className = className;
        made.textContent = text;
        return made;
    };

    const runs = Array.from(document.querySelectorAll('.run > .run-inputs'), declared => declared.parentElement);
    const figureOf = run => run.id.replace(/^run-/, '');
    const inputsOf = run => Object.fromEntries(new FormData(run.querySelector('.run-play')));

    // The inputs outlive the page, which the server loads again when a listing on it has changed.
    const INPUTS = 'run-inputs';
    const keepInputs = () => {
        const changed = runs.map(run => [figureOf(run), inputsOf(run)]);
        sessionStorage.setItem(INPUTS, JSON.stringify(Object.fromEntries(changed)));
    };
    const restoreInputs = () => {
        const kept = JSON.parse(sessionStorage.getItem(INPUTS) ?? '{}');
        const [navigation] = performance.getEntriesByType('navigation');
        if (navigation?.type !== 'reload') {
            return;
        }
        for (const run of runs) {
            for (const [name, value] of Object.entries(kept[figureOf(run)] ?? {})) {
                const field = run.querySelector('.run-play').elements[name];
                if (field && field.value !== value) {
                    field.value = value;
                    field.dispatchEvent(new Event('input', {bubbles: true}));
                }
            }
        }
    };

    // The state of the edited contracts, at the foot of the window, wherever the reader is.
    const panel = element('aside', 'edits');
    panel.setAttribute('aria-label', 'The contract that you edit');
    const status = element('output', 'edits-status');
    status.setAttribute('role', 'status');
    const outputs = element('details', '');
    outputs.open = true;
    panel.append(status, outputs);

    const SENTENCES = {
        building: ({path}) => `${path} has changed: its contract is being built.`,
        waiting: ({path}) => `${path} has changed. What is committed is built too, which takes minutes the first time.`,
        failed: ({path}) => `${path} does not build. The recorded runs stay.`,
        same: ({path}) => `${path} has changed, and its contract is the same wasm.`,
        built: ({path, seconds}) => `${path} has changed: built in ${seconds} s, played below its runs.`,
    };

    const showPanel = contracts => {
        status.replaceChildren(...contracts.map(contract =>
            element('span', contract.state, SENTENCES[contract.state](contract))));
        const texts = contracts.filter(({output}) => output).map(({path, output}) => {
            const text = element('pre', '', output);
            text.tabIndex = 0;
            text.setAttribute('role', 'region');
            text.setAttribute('aria-label', `The output of cargo on ${path}`);
            return text;
        });
        outputs.replaceChildren(element('summary', '', 'The output of cargo'), ...texts);
        outputs.hidden = texts.length === 0;
        if (contracts.length === 0) {
            panel.remove();
        } else if (!panel.isConnected) {
            document.body.append(panel);
        }
    };

    // The strip below a run: what differs, and the run with the edited contract.
    const strips = new Map();
    const stripOf = run => {
        const strip = strips.get(run) ?? element('section', 'run-edited');
        strip.setAttribute('aria-label', 'With your contract');
        strips.set(run, strip);
        if (!strip.isConnected) {
            run.after(strip);
        }
        return strip;
    };
    const removeStrip = run => strips.get(run)?.remove();

    const parsed = html => document.importNode(
        new DOMParser().parseFromString(html, 'text/html').querySelector('.run'), true);
    const factsOf = run => Array.from(run.querySelectorAll(FACTS));
    const words = fact => fact.textContent.replace(/\s+/g, ' ').trim();
    const markDifferences = (run, other) => {
        const known = new Set(factsOf(other).map(words));
        factsOf(run).filter(fact => !known.has(words(fact))).forEach(fact => fact.classList.add('differs'));
    };

    const drawing = ({committed, edited}) => {
        const details = element('details', '');
        details.open = true;
        const played = parsed(edited.html);
        markDifferences(played, parsed(committed.html));
        Array.from(played.children).filter(part => !part.matches(PARTS)).forEach(part => part.remove());
        details.append(element('summary', '', 'The run with your contract'), played);
        return {details, played};
    };

    const showComparison = (run, reply) => {
        const strip = stripOf(run);
        if (reply.differences.length === 0) {
            strip.replaceChildren(element('p', '', 'With your contract: the same run.'));
            return;
        }
        const list = element('ul', '');
        list.append(...reply.differences.map(sentence => element('li', '', sentence)));
        strip.replaceChildren(element('p', '', 'With your contract, and not with the committed one:'), list);
        if (reply.edited) {
            const {details, played} = drawing(reply);
            strip.append(details);
            played.dispatchEvent(new CustomEvent('run-drawn', {bubbles: true}));
        }
    };

    const ask = async run => {
        const response = await fetch(SERVICE, {
            method: 'POST',
            headers: {'Content-Type': 'application/json'},
            body: JSON.stringify({figure: figureOf(run), inputs: inputsOf(run)}),
        });
        return response.json();
    };

    // What is played is for these contracts and these inputs. A run that is asked for anew makes an older reply void.
    let built = [];
    const asked = new Map();
    const compare = async run => {
        const number = (asked.get(run) ?? 0) + 1;
        asked.set(run, number);
        if (built.length === 0) {
            return removeStrip(run);
        }
        strips.get(run)?.setAttribute('aria-busy', 'true');
        const reply = await ask(run).catch(error => ({error: error.message}));
        if (asked.get(run) !== number) {
            return undefined;
        }
        strips.get(run)?.removeAttribute('aria-busy');
        if (reply.error) {
            return stripOf(run).replaceChildren(element('p', '', `With your contract: not played: ${reply.error}`));
        }
        return reply.contracts.some(name => built.includes(name)) ? showComparison(run, reply) : removeStrip(run);
    };

    const compareAll = async () => {
        for (const run of runs) {
            await compare(run);
        }
    };

    const take = contracts => {
        showPanel(contracts);
        // While a contract is being built, the run with the one before stays.
        if (contracts.some(({state}) => state === 'building' || state === 'waiting')) {
            return;
        }
        built = contracts.filter(({state}) => state === 'built').map(({name}) => name);
        compareAll();
    };

    // The server replies when something has changed, or after a while. A page out of sight does not ask, because a
    // browser has few connections for all pages of a server.
    let version = -1;
    let isAsking = null;
    const follow = async () => {
        isAsking?.abort();
        isAsking = null;
        while (!document.hidden) {
            const mine = new AbortController();
            isAsking = mine;
            const known = Math.max(version, 0);
            const response = await fetch(`${SERVICE}?after=${known}`, {signal: mine.signal});
            const edits = await response.json();
            if (isAsking !== mine) {
                return;
            }
            if (edits.version !== version) {
                version = edits.version;
                take(edits.contracts);
            }
        }
    };
    // Without the server, what the page shows stays.
    const begin = () => follow().catch(() => undefined);

    const start = async () => {
        await new Promise(resolve => document.addEventListener('runs-ready', resolve, {once: true}));
        restoreInputs();
        for (const run of runs) {
            run.addEventListener('change', () => {
                keepInputs();
                compare(run);
            });
            run.querySelector('.run-play button').addEventListener('click', () => {
                keepInputs();
                compare(run);
            });
        }
        document.addEventListener('visibilitychange', begin);
        begin();
    };
    if (runs.length > 0) {
        start();
    }
})();
