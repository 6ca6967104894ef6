// The contract that a reader edits. Only a server of the book has this script.
//
// The server builds each saved change, and says so to the pages that are in sight. Below each figure that takes the edited
// contract this script then shows what differs from the committed one, below a run also its drawing, and what cargo says
// if the contract does not build. The recorded figure stays where it is. A page that is loaded again keeps its inputs.
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
    const inputsOf = run => {
        const form = run.querySelector(':scope > .run-play');
        return form ? Object.fromEntries(new FormData(form)) : {};
    };

    // A text is below the name of its file. A run has its own texts, behind a click.
    const FILE = /^Recorded: src\/figures\/([\w-]+)(?:\.gas)?\.txt$/;
    const textOf = label => {
        const [, name] = FILE.exec(label.textContent.trim()) ?? [];
        const text = (label.closest('p') ?? label).nextElementSibling;
        const isText = name && text?.matches('pre') && !label.closest('.run');
        return isText ? [{name, place: text, inputs: () => ({})}] : [];
    };

    // The figures of the page, the runs before the texts, of which some take long.
    const drawn = Array.from(document.querySelectorAll('.run'), run =>
        ({name: figureOf(run), place: run, inputs: () => inputsOf(run)}));
    const figures = [...drawn, ...Array.from(document.querySelectorAll('.filename')).flatMap(textOf)];

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
    const played = element('p', 'edits-played');
    panel.append(status, played, outputs);

    const SENTENCES = {
        building: ({path}) => `${path} has changed: its contract is being built.`,
        waiting: ({path}) => `${path} has changed. What is committed is built too, which takes minutes the first time.`,
        failed: ({path}) => `${path} does not build. The recorded figures stay.`,
        same: ({path}) => `${path} has changed, and its contract is the same wasm.`,
        built: ({path, seconds}) => `${path} has changed: built in ${seconds} s.`,
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

    // The strip below a figure: what differs, and below a run its drawing with the edited contract.
    const strips = new Map();
    const stripOf = figure => {
        const strip = strips.get(figure) ?? element('section', 'run-edited');
        strip.setAttribute('aria-label', 'With your contract');
        strip.id = `edited-${figures.indexOf(figure)}`;
        strips.set(figure, strip);
        if (!strip.isConnected) {
            figure.place.after(strip);
        }
        return strip;
    };
    const removeStrip = figure => strips.get(figure)?.remove();

    const parsed = html => document.importNode(
        new DOMParser().parseFromString(html, 'text/html').querySelector('.run'), true);
    const factsOf = run => Array.from(run.querySelectorAll(FACTS));
    const words = fact => fact.textContent.replace(/\s+/g, ' ').trim();
    const markDifferences = (run, other) => {
        const known = new Set(factsOf(other).map(words));
        factsOf(run).filter(fact => !known.has(words(fact))).forEach(fact => fact.classList.add('differs'));
    };

    const drawing = ({committed, edited, is_gas_only: isGasOnly}) => {
        const details = element('details', '');
        details.open = !isGasOnly;
        const played = parsed(edited.html);
        markDifferences(played, parsed(committed.html));
        Array.from(played.children).filter(part => !part.matches(PARTS)).forEach(part => part.remove());
        details.append(element('summary', '', 'The run with your contract'), played);
        return {details, played};
    };

    // A long text is behind a click, and so is what differs in gas only.
    const FEW = 12;
    const linesOf = ({lines, is_gas_only: isGasOnly}) => {
        const text = element('pre', '');
        text.append(element('code', 'nohighlight hljs', lines.join('\n')));
        text.tabIndex = 0;
        text.setAttribute('role', 'region');
        text.setAttribute('aria-label', 'The lines that differ');
        const details = element('details', '');
        details.open = lines.length <= FEW && !isGasOnly;
        details.append(element('summary', '', `The lines that differ: ${lines.length}`), text);
        return details;
    };

    const differs = ({differences, lines}) => differences.length + lines.length > 0;
    const showComparison = (figure, reply) => {
        const strip = stripOf(figure);
        if (!differs(reply)) {
            const kind = drawn.includes(figure) ? 'run' : 'text';
            strip.replaceChildren(element('p', '', `With your contract: the same ${kind}.`));
            return;
        }
        const list = element('ul', '');
        list.append(...reply.differences.map(sentence => element('li', '', sentence)));
        const title = reply.is_gas_only
            ? 'With your contract, only gas differs:'
            : 'With your contract, and not with the committed one:';
        strip.replaceChildren(element('p', '', title), ...(list.hasChildNodes() ? [list] : []));
        if (reply.lines.length > 0) {
            strip.append(linesOf(reply));
        }
        if (drawn.includes(figure) && reply.edited) {
            const {details, played} = drawing(reply);
            strip.append(details);
            played.dispatchEvent(new CustomEvent('run-drawn', {bubbles: true}));
        }
    };

    const ask = async (figure, signal) => {
        const response = await fetch(SERVICE, {
            method: 'POST',
            headers: {'Content-Type': 'application/json'},
            body: JSON.stringify({figure: figure.name, inputs: figure.inputs()}),
            signal,
        });
        return response.json();
    };

    // What is played is for these contracts and these inputs. The replies tell which contracts a figure takes.
    let built = [];
    const replies = new Map();
    const takesBuilt = figure => replies.get(figure)?.contracts.some(name => built.includes(name)) ?? true;
    const compare = async (figure, signal) => {
        if (!takesBuilt(figure)) {
            return removeStrip(figure);
        }
        strips.get(figure)?.setAttribute('aria-busy', 'true');
        const reply = await ask(figure, signal).catch(error => ({error: error.message}));
        if (signal.aborted) {
            return undefined;
        }
        strips.get(figure)?.removeAttribute('aria-busy');
        if (reply.is_unknown) {
            // It takes no contract: a list of files, for example.
            replies.set(figure, {contracts: []});
        } else if (reply.error) {
            return stripOf(figure).replaceChildren(element('p', '', `With your contract: not played: ${reply.error}`));
        } else {
            replies.set(figure, reply);
        }
        return takesBuilt(figure) ? showComparison(figure, reply) : removeStrip(figure);
    };

    // A figure may be behind a click, even behind two.
    const reveal = place => {
        for (let details = place.closest('details'); details; details = details.parentElement.closest('details')) {
            details.open = true;
        }
    };
    const linkTo = figure => {
        const link = element('a', '', figure.name);
        link.href = `#${strips.get(figure).id}`;
        link.addEventListener('click', () => reveal(figure.place));
        return link;
    };
    const showPlayed = waiting => {
        if (waiting.length > 0) {
            played.textContent = `Playing the figures of this page, ${waiting.length} to go: ${waiting[0].name}`;
            return;
        }
        const taking = figures.filter(figure => replies.has(figure) && takesBuilt(figure));
        const differing = taking.filter(figure => differs(replies.get(figure)));
        const inMore = differing.filter(figure => !replies.get(figure).is_gas_only);
        const inGas = differing.length - inMore.length;
        played.replaceChildren(
            `Figures of this page with this contract: ${taking.length}. Different: `,
            ...inMore.flatMap((figure, index) => [index === 0 ? '' : ', ', linkTo(figure)]),
            `${inMore.length === 0 ? 'none' : ''}.${inGas > 0 ? ` In gas only: ${inGas}.` : ''}`,
        );
    };

    // One figure at a time. What is asked for anew goes first, and ends what is being played.
    let waiting = [];
    let playing = new AbortController();
    const playFirst = async asked => {
        playing.abort();
        const mine = new AbortController();
        playing = mine;
        waiting = [...asked, ...waiting.filter(figure => !asked.includes(figure))];
        while (waiting.length > 0) {
            showPlayed(waiting);
            await compare(waiting[0], mine.signal);
            if (mine.signal.aborted) {
                return;
            }
            waiting = waiting.slice(1);
        }
        showPlayed(waiting);
    };

    const take = contracts => {
        showPanel(contracts);
        // While a contract is being built, what was played with the one before stays.
        if (contracts.some(({state}) => state === 'building' || state === 'waiting')) {
            playing.abort();
            played.textContent = '';
            return;
        }
        built = contracts.filter(({state}) => state === 'built').map(({name}) => name);
        if (built.length > 0) {
            playFirst(figures);
            return;
        }
        playing.abort();
        waiting = [];
        played.textContent = '';
        figures.forEach(removeStrip);
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
            const playAgain = () => {
                keepInputs();
                if (built.length > 0) {
                    playFirst(figures.filter(({place}) => place === run));
                }
            };
            run.addEventListener('change', playAgain);
            run.querySelector('.run-play button').addEventListener('click', playAgain);
        }
        document.addEventListener('visibilitychange', begin);
        begin();
    };
    if (figures.length > 0) {
        start();
    }
})();
