// The page of `nnc view`. The data (PageData.java) says what there is and what belongs together; this script shows it.
//
// Everything on the page that can be pointed at has an id, in the attribute data-id:
//   p:PLACE        a place in a .nn text          k:KERNEL        a kernel's Java
//   l:TEXT:LINE    a line of one                  j:KERNEL:LINE   a line of it
//   n:STAGE:NODE   a value of a graph             b:BUFFER        a buffer
//   c:STAGE:LAYER  a layer of a graph             m:LINE          a line of mathematics
'use strict';
(() => {

const data = JSON.parse(document.getElementById('data').textContent);
const { texts, places, origins } = data;
const kernels = data.kernels ?? [], buffers = data.buffers ?? [], javaFiles = data.java ?? [], mathematics = data.mathematics ?? [];
const none = [];

const $ = id => document.getElementById(id);
const pane = id => $(id).querySelector('.content');

/** An element with a class, an id for pointing at, and children. */
function make(tag, className, id, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (id) element.dataset.id = id;
  element.append(...children);
  return element;
}

// ------------------------------------------------------------ places and origins

const lineStarts = texts.map(({ text }) => [0, ...[...text.matchAll(/\n/g)].map(end => end.index + 1)]);

/** The line of an offset, counted from 1. */
function lineOf(text, offset) {
  const starts = lineStarts[text];
  let low = 0, high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= offset) low = middle; else high = middle - 1;
  }
  return low + 1;
}

const lineText = (text, line) => texts[text].text.slice(lineStarts[text][line - 1], lineStarts[text][line]).trimEnd();
const fileName = text => texts[text].name.replace(/.*[\\/]/, '');
const placeLine = place => lineOf(places[place][0], places[place][1]);
const placeName = place => fileName(places[place][0]) + ':' + placeLine(place);
const isLibrary = place => texts[places[place][0]].library === true;

/** Of an origin the place in the author's own text. */
const ownPlace = origin => (origins[origin] ?? none).filter(place => !isLibrary(place)).at(-1);

const originsOfPlace = places.map(() => []);
origins.forEach((origin, number) => origin.forEach(place => originsOfPlace[place].push(number)));

const within = (a, b) => a.every(place => b.includes(place));
const kinOf = new Map();

/** Origins of which one holds all places of the other. */
function kin(origin) {
  if (!kinOf.has(origin)) {
    const own = origins[origin];
    const near = new Set(own.flatMap(place => originsOfPlace[place]));
    kinOf.set(origin, [...near].filter(other => within(own, origins[other]) || within(origins[other], own)));
  }
  return kinOf.get(origin);
}

// ------------------------------------------------------------ graphs

const rootBuffer = buffer => buffers[buffer].whole === undefined ? buffer : rootBuffer(buffers[buffer].whole);

/** The kernels as a graph: each reads what others have written. */
function planGraph() {
  const writers = new Map();
  return kernels.map((kernel, number) => {
    const loop = kernels.some(other => other.parent === number);
    const inputs = (kernel.reads ?? none).map(buffer => writers.get(rootBuffer(buffer))).filter(writer => writer !== undefined);
    if (!loop) (kernel.writes ?? none).forEach(buffer => writers.set(rootBuffer(buffer), number));
    return {
      name: kernel.name, op: '', type: loop ? '' : (kernel.writes ?? none).map(buffer => buffers[buffer].shape).join(' '),
      role: kernel.role, origins: kernel.origins ?? none, loop, inputs: loop ? none : [...new Set(inputs)], parent: kernel.parent,
      place: kernel.place,
    };
  });
}

const stages = data.stages.map(stage => ({
  name: stage.name,
  nodes: (stage.nodes ?? none).map(node => ({
    ...node, inputs: node.inputs ?? none, origins: node.origin ? [node.origin] : none, place: ownPlace(node.origin),
  })),
}));
stages.push({ name: 'plan', nodes: planGraph() });
const OPTIMIZED = 2, PLAN = 3;

function shorter(text, length = 44) {
  const said = text.replace(/ +/g, ' ');
  return said.length > length ? said.slice(0, length - 1) + '…' : said;
}

/** The layer, function or optimizer of the library in which a place stands. */
function declaration(place) {
  const [text, from] = places[place];
  const before = texts[text].text.slice(0, from).match(/^(?:layer|fn|optimizer)\s+[\p{L}\w]+/gmu);
  return before ? before.at(-1).replace(/^\w+\s+/, '') : fileName(text);
}

/**
 * Sorts the nodes of a stage into layers: by line of the author's text, by call within the line, by declaration of the library;
 * and what stands in the body of a loop into that of the loop.
 */
function layersOf(stage, number) {
  const layers = [], byKey = new Map(), paths = [];
  const layer = (key, title, role, parent, loop) => {
    if (!byKey.has(key)) {
      byKey.set(key, layers.length);
      layers.push({ id: `c:${number}:${layers.length}`, title, role, parent, loop, nodes: [], layers: [] });
      if (parent !== undefined) layers[parent].layers.push(layers.length - 1);
    }
    return byKey.get(key);
  };
  stage.nodes.forEach((node, at) => {
    const path = node.parent === undefined ? [] : [...paths[node.parent]];
    const add = (key, title, loop) => path.push(layer(`${path.at(-1) ?? node.role}/${key}`, title, node.role, path.at(-1), loop));
    if (node.place !== undefined && !isLibrary(node.place)) {
      const [text, from, to] = places[node.place], line = placeLine(node.place);
      add('line' + text + ':' + line, `${line}: ${lineText(text, line).trim()}`);
      const inside = node.origins.flatMap(origin => origins[origin]).filter(isLibrary);
      if (inside.length > 0 && number !== PLAN) {
        add('call' + node.place, texts[text].text.slice(from, to).split('|>').at(-1).replace(/\s+/g, ' ').trim());
        add('in' + declaration(inside[0]), declaration(inside[0]));
      }
    } else if (node.origins.length > 0 && number !== PLAN) {
      const place = origins[node.origins[0]][0];
      add('in' + declaration(place), declaration(place));
    } else if (node.role === 'UPDATE') {
      add('update', 'update');
    }
    if (node.loop) add('loop' + at, [node.name, node.op].filter(Boolean).join(' '), true);
    paths.push(path);
    if (!node.constant && !node.loop) path.forEach(each => layers[each].nodes.push(at));
  });
  // a layer of one node is that node, and one that is all of the layer around it says nothing new
  const plain = layers.map(each => !each.loop &&
    (each.nodes.length < 2 || each.parent !== undefined && layers[each.parent].nodes.length === each.nodes.length));
  return { layers, paths: paths.map(path => path.filter(each => !plain[each] && layers[each].nodes.length > 0)) };
}

const FEW_BOXES = 45, MOST_BOXES = 250;

stages.forEach((stage, number) => {
  Object.assign(stage, layersOf(stage, number));
  stage.open = new Set();
  stage.drawn = stage.nodes.map((_, at) => at).filter(at => !stage.nodes[at].constant && !stage.nodes[at].loop);
  stage.used = [...new Set(stage.drawn.flatMap(at => stage.paths[at]))];
  openUpTo(stage, FEW_BOXES);
});

/** What a node shows as: itself, or the outermost folded layer around it. */
function boxOf(stage, at) {
  const folded = stage.paths[at].find(layer => !stage.open.has(layer));
  return folded === undefined ? `n:${stages.indexOf(stage)}:${at}` : stage.layers[folded].id;
}

function boxes(stage) {
  return new Set(stage.drawn.map(at => boxOf(stage, at)));
}

/** Opens layers from the outside in, as long as there are few boxes. */
function openUpTo(stage, most) {
  stage.open.clear();
  const depth = layer => stage.paths[stage.layers[layer].nodes[0]].indexOf(layer);
  for (const layer of [...stage.used].sort((a, b) => depth(a) - depth(b) || stage.layers[a].nodes.length - stage.layers[b].nodes.length)) {
    stage.open.add(layer);
    if (boxes(stage).size > most) stage.open.delete(layer);
  }
}

let shown = 0; // the stage
let zoom = 1;
let viz; // the layouter, once it is there

/** Boxes are as wide as the browser's own letters need, which Graphviz cannot know. */
const ruler = document.createElement('canvas').getContext('2d');
ruler.font = '10px system-ui, sans-serif';
const inches = said => ((Math.max(...said.split('\n').map(text => ruler.measureText(text).width)) + 14) / 72).toFixed(2);

const quoted = text => '"' + text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n') + '"';

function dot(stage, number) {
  const lines = ['digraph {',
    'graph [fontname="Helvetica" fontsize=10 nodesep=0.18 ranksep=0.28 bgcolor="transparent"]',
    'node [shape=box style=rounded fontname="Helvetica" fontsize=10 margin="0.09,0.04" height=0.2]',
    'edge [arrowsize=0.5]'];
  const emitted = new Set();
  const content = new Map([[undefined, []]]); // what stands in each open layer
  for (const at of stage.drawn) {
    const path = stage.paths[at];
    const folded = path.findIndex(layer => !stage.open.has(layer));
    const around = folded < 0 ? path : path.slice(0, folded);
    around.forEach((layer, depth) => {
      if (!content.has(layer)) {
        content.set(layer, []);
        content.get(around[depth - 1]).push({ layer });
      }
    });
    const box = boxOf(stage, at);
    if (!emitted.has(box)) {
      emitted.add(box);
      content.get(around.at(-1)).push({ box, at, folded: path[folded] });
    }
  }
  const write = list => list.forEach(({ layer, box, at, folded }) => {
    if (layer !== undefined) {
      const { id, title, role } = stage.layers[layer];
      lines.push(`subgraph ${quoted('cluster' + layer)} { id=${quoted(id)} class=${quoted(role.toLowerCase())} label=${quoted(shorter(title))} labeljust=l style=rounded`);
      write(content.get(layer));
      lines.push('}');
    } else if (folded !== undefined) {
      const { title, role, nodes, loop } = stage.layers[folded];
      const said = shorter(title) + `\n${loop ? 'loop, ' : ''}${nodes.length} ${number === PLAN ? 'kernels' : 'values'}`;
      lines.push(`${quoted(box)} [id=${quoted(box)} class=${quoted('folded ' + role.toLowerCase())} label=${quoted(said)} width=${inches(said)}]`);
    } else {
      const { name, op, type, role, roots } = stage.nodes[at];
      const said = [name, [op, type].filter(Boolean).join(' ')].filter(Boolean).map(text => shorter(text)).join('\n');
      lines.push(`${quoted(box)} [id=${quoted(box)} class=${quoted(role.toLowerCase())} label=${quoted(said)} width=${inches(said)}${roots ? ' penwidth=2' : ''}]`);
    }
  });
  write(content.get(undefined));
  const edges = new Set();
  const edge = (from, to, how) => {
    if (from === undefined || stage.nodes[from].constant || stage.nodes[from].loop || stage.nodes[to].loop) return;
    const a = boxOf(stage, from), b = boxOf(stage, to);
    if (a !== b) edges.add(`${quoted(a)} -> ${quoted(b)}${how}`);
  };
  for (const at of stage.drawn) {
    stage.nodes[at].inputs.forEach(input => edge(input, at, ''));
    edge(stage.nodes[at].next, at, ' [style=dashed constraint=false]');
  }
  return [...lines, ...edges, '}'].join('\n');
}

/** Lays the graph of the stage out, which takes a while for large ones: first the page is drawn. */
function drawGraph(then) {
  const stage = stages[shown], content = pane('graph');
  document.querySelectorAll('#stages button').forEach((button, number) => button.setAttribute('aria-pressed', String(number === shown)));
  $('graph-note').textContent = `${stage.name}, ${stage.drawn.length} ${shown === PLAN ? 'kernels' : 'values'}`;
  if (!viz) {
    content.replaceChildren(make('div', 'waiting', null, 'laying out …'));
    return;
  }
  const svg = viz.renderSVGElement(dot(stage, shown));
  svg.querySelectorAll('title').forEach(title => title.remove());
  svg.querySelectorAll('.node, .cluster').forEach(element => { element.dataset.id = element.id; });
  content.replaceChildren(svg);
  const size = svg.viewBox.baseVal;
  zoom = Math.min(1.3, Math.max(0.6, (content.clientWidth - 20) / size.width));
  scaleGraph();
  light(pinned);
  content.scrollLeft = (content.scrollWidth - content.clientWidth) / 2;
  if (then) then(); else scrollTo('graph', element => element.classList.contains('lit'));
}

function scaleGraph() {
  const svg = pane('graph').querySelector('svg');
  if (!svg) return;
  const size = svg.viewBox.baseVal;
  svg.setAttribute('width', size.width * zoom);
  svg.setAttribute('height', size.height * zoom);
}

function zoomGraph(factor) {
  const content = pane('graph'), svg = content.querySelector('svg');
  if (!svg) return;
  const size = svg.viewBox.baseVal;
  zoom = factor ? Math.min(4, Math.max(0.08, zoom * factor)) : Math.min(2, (content.clientWidth - 8) / size.width, (content.clientHeight - 8) / size.height);
  scaleGraph();
}

function showStage(number, then) {
  shown = (number + stages.length) % stages.length;
  drawGraph(then);
}

/** Opens or folds a layer. */
function toggleLayer(id) {
  const [, number, layer] = id.split(':').map(Number), stage = stages[number];
  if (!stage.open.delete(layer)) {
    stage.open.add(layer);
    // a layer of one layer alone opens with it
    const inside = stage.used.filter(other => stage.layers[other].parent === layer);
    if (inside.length === 1 && stage.layers[inside[0]].nodes.length === stage.layers[layer].nodes.length) stage.open.add(inside[0]);
  }
  drawGraph(() => scrollTo('graph', element => element.dataset.id === id));
}

// ------------------------------------------------------------ the model's texts

const elements = new Map(); // by id

function register(id, element) {
  if (!elements.has(id)) elements.set(id, []);
  elements.get(id).push(element);
  return element;
}

const WORDS = /\b(?:model|layer|fn|optimizer|train|import|over|and|or|not|dim|input|output|param|buffer|update|loss|metric|repeat|recur|heads|start|state|generate|data|epochs|clip|eval|where|if|as)\b/g;
const placesOfLine = new Map(); // by l:TEXT:LINE: the places that show on it

function showModel() {
  texts.forEach(({ name, library, text }, number) => {
    const inner = new Int32Array(text.length).fill(-1); // at each character the smallest place
    places.map((_, place) => place).filter(place => places[place][0] === number)
      .sort((a, b) => (places[b][2] - places[b][1]) - (places[a][2] - places[a][1]))
      .forEach(place => inner.fill(place, places[place][1], places[place][2]));
    const kind = new Uint8Array(text.length);
    for (const word of text.matchAll(WORDS)) kind.fill(1, word.index, word.index + word[0].length);
    for (const comment of text.matchAll(/\/\/[^\n]*|\/\*[^]*?\*\//g)) kind.fill(2, comment.index, comment.index + comment[0].length);
    const source = make('div', 'source');
    for (let line = 1; line <= lineStarts[number].length; line++) {
      const id = `l:${number}:${line}`, from = lineStarts[number][line - 1], to = from + lineText(number, line).length;
      if (line === lineStarts[number].length && from === to) break;
      const row = make('span', 'row', null, register(id, make('span', 'number', id, String(line))));
      const here = new Set();
      for (let at = from; at < to;) {
        let end = at + 1;
        while (end < to && inner[end] === inner[at] && kind[end] === kind[at]) end++;
        const run = make('span', ['', 'keyword', 'comment'][kind[at]], null, text.slice(at, end));
        if (inner[at] >= 0) {
          here.add(inner[at]);
          run.classList.add('place');
          run.dataset.id = 'p:' + inner[at];
          register(run.dataset.id, run);
        }
        row.append(run);
        at = end;
      }
      placesOfLine.set(id, [...here]);
      source.append(row);
    }
    if (number === 0) {
      pane('model').append(source);
    } else {
      pane('model').append(make('details', '', null, make('summary', '', null, name + (library ? ' of nnc' : '')), source));
    }
  });
}

// ------------------------------------------------------------ Java and mathematics, layer by layer

/** Fills elements when they come into view. */
function whenSeen(root, fill) {
  const observer = new IntersectionObserver(entries => entries.filter(entry => entry.isIntersecting).forEach(({ target }) => {
    observer.unobserve(target);
    fill(target);
  }), { root, rootMargin: '500px' });
  return observer;
}

/** Puts elements into a pane that fold by lines of the model: [place, role, element]. */
function inLayers(content, items, open) {
  let last = null, layer = null;
  for (const [place, role, element] of items) {
    const key = place === undefined ? role : `${role} ${places[place][0]}:${placeLine(place)}`;
    if (key !== last) {
      last = key;
      const title = place === undefined ? role.toLowerCase()
        : [placeName(place) + '  ', make('code', '', null, lineText(places[place][0], placeLine(place)).trim())];
      layer = make('details', role.toLowerCase(), null, make('summary', '', null, ...title));
      layer.open = open;
      content.append(layer);
    }
    layer.append(element);
  }
}

const javaLines = javaFiles.map(file => file.text.split('\n'));
const LONG_JAVA = 4000, ROW_HEIGHT = 18;

function fillKernel(block) {
  if (block.firstChild) return;
  const number = Number(block.dataset.id.slice(2)), { java, from, to } = kernels[number];
  const text = javaLines[java].slice(from, to).map(line => line.replace(/^ {2}/, '')).join('\n').trimEnd();
  block.replaceChildren(...hljs.highlight(text, { language: 'java', ignoreIllegals: true }).value.split('\n').map((html, line) => {
    const row = make('code', 'row', `j:${number}:${from + line}`);
    row.innerHTML = html || ' ';
    return register(row.dataset.id, row);
  }));
  block.style.minHeight = '';
  light(pinned);
}

function showJava() {
  const content = pane('java'), observer = whenSeen(content, fillKernel);
  const open = javaLines.reduce((sum, lines) => sum + lines.length, 0) < LONG_JAVA;
  javaFiles.forEach((file, java) => {
    content.append(make('h3', '', null, file.name));
    inLayers(content, kernels.map((kernel, number) => [kernel, number]).filter(([kernel]) => kernel.java === java).map(([kernel, number]) => {
      const block = register('k:' + number, make('div', 'block', 'k:' + number));
      block.style.minHeight = (kernel.to - kernel.from) * ROW_HEIGHT + 'px';
      observer.observe(block);
      return [kernel.place, kernel.role, block];
    }), open);
  });
}

const SECTIONS = {
  VALUES: ['What is computed', 'FORWARD'],
  GRADIENTS: ['Gradients, from the loss on: δx is ∂loss/∂x', 'GRADIENT'],
  RESULTS: ['Results', 'GRADIENT'],
  RULES: ['Rules, for y = op(a, b, c)', 'FORWARD'],
};

function fillFormula(formula) {
  const line = mathematics[formula.parentElement.dataset.id.slice(2)];
  if (!line.latex) return; // too long
  try {
    katex.render('\\displaystyle ' + line.latex, formula, { output: 'html', strict: false });
  } catch {
    formula.textContent = line.text;
  }
}

function showMathematics() {
  const content = pane('mathematics'), observer = whenSeen(content, fillFormula);
  if (mathematics.length === 0) content.append(make('div', 'waiting', null, 'The model has no loss, so nothing is derived.'));
  for (const [section, [title, role]] of Object.entries(SECTIONS)) {
    const lines = mathematics.map((line, number) => [line, number]).filter(([line]) => line.section === section);
    if (lines.length === 0) continue;
    content.append(make('h3', '', null, title));
    let place; // what has none belongs to the line above
    const layer = section === 'RULES' ? (_, items) => content.append(...items.map(([, , element]) => element)) : inLayers;
    layer(content, lines.map(([line, number]) => {
      place = line.place ?? place;
      const formula = make('span', '', null, line.text);
      const element = register('m:' + number, make('div', 'formula', 'm:' + number, formula, make('span', 'rules', null, (line.rules ?? none).join(', '))));
      element.style.paddingLeft = 10 + 20 * line.depth + 'px';
      observer.observe(formula);
      return [place, role, element];
    }), true);
  }
}

// ------------------------------------------------------------ memory

const SPACES = ['memory', 'parameters', 'state'];
const shownBuffers = buffers.map((_, number) => number).filter(number => buffers[number].whole === undefined)
  .sort((a, b) => SPACES.indexOf(buffers[a].space) - SPACES.indexOf(buffers[b].space)
    || buffers[a].offset - buffers[b].offset || buffers[a].first - buffers[b].first);

function showMemory() {
  const end = kernels.filter(kernel => kernel.parent === undefined).length;
  const table = make('table');
  for (const space of SPACES) {
    const rows = shownBuffers.filter(number => buffers[number].space === space);
    if (rows.length === 0) continue;
    table.append(make('tr', '', null, make('th', '', null, space), make('th', '', null, space === 'memory' ? `kernels 0 … ${end - 1}` : ''),
      make('th', '', null, ''), make('th', 'amount', null, 'offset'), make('th', 'amount', null, 'floats')));
    for (const number of rows) {
      const { name, shape, offset, floats, first, last } = buffers[number];
      const life = make('td', 'life');
      if (first >= 0 && last >= first) {
        const bar = make('span');
        bar.style.marginLeft = 100 * Math.min(first, end) / (end + 1) + '%';
        bar.style.width = 100 * (Math.min(last, end) - Math.min(first, end) + 1) / (end + 1) + '%';
        life.append(bar);
      }
      table.append(register('b:' + number, make('tr', '', 'b:' + number, make('td', '', null, name), life, make('td', '', null, shape),
        make('td', 'amount', null, offset.toLocaleString('en')), make('td', 'amount', null, floats.toLocaleString('en')))));
    }
  }
  pane('memory').append(table);
}

// ------------------------------------------------------------ what belongs together

/** The buffer of an input or a parameter, and of what is kept under its own name. */
const buffersByName = new Map();
buffers.forEach(({ name }, number) => buffersByName.set(name, [...(buffersByName.get(name) ?? none), number]));

const nodesOf = id => {
  const [kind, stage, number] = id.split(':');
  return kind === 'n' ? [stages[stage].nodes[number]] : stages[stage].layers[number].nodes.map(at => stages[stage].nodes[at]);
};

/** Whether a line of Java names a buffer by its offset: D_LOGITS, or d_logits_at for that of a row. */
function names(line, buffer) {
  const name = buffers[buffer].name.replace(/[^\p{L}\p{N}]+/gu, '_');
  return new RegExp(`\\b(?:${name.toUpperCase()}|${name}_at)\\b`, 'u').test(line);
}

/**
 * What belongs to an id: ids that are told by name, the origins that it comes from itself, and all that are kin to these. Of
 * one who points at a place of the author's text, no other place of it is meant.
 */
function relatives(id) {
  const ids = new Set([id]), own = new Set();
  const [kind, a, b] = id.split(':');
  const comeFrom = list => (list ?? none).forEach(origin => own.add(origin));
  const use = list => (list ?? none).forEach(buffer => ids.add('b:' + rootBuffer(buffer)));
  const readers = list => kernels.forEach((kernel, number) => {
    if ((kernel.reads ?? none).some(buffer => list.includes(buffer))) ids.add('k:' + number).add(`n:${PLAN}:${number}`);
  });
  switch (kind) {
    case 'p': comeFrom(originsOfPlace[a]); break;
    case 'l': (placesOfLine.get(id) ?? none).forEach(place => { ids.add('p:' + place); comeFrom(originsOfPlace[place]); }); break;
    case 'n':
    case 'c':
      for (const node of nodesOf(id)) {
        comeFrom(node.origins);
        if (kind === 'n' && node.inputs.length === 0) use(buffersByName.get(node.name));
      }
      if (kind === 'n' && Number(a) === PLAN) { ids.add('k:' + b); use(kernels[b].reads); use(kernels[b].writes); }
      if (kind === 'n' && Number(a) === OPTIMIZED) {
        kernels.forEach((kernel, number) => { if ((kernel.nodes ?? none).includes(Number(b))) ids.add('k:' + number); });
      }
      break;
    case 'k':
    case 'j': {
      const kernel = kernels[a];
      ids.add('k:' + a);
      ids.add(`n:${PLAN}:${a}`);
      comeFrom(kernel.origins);
      const used = [...(kernel.reads ?? none), ...(kernel.writes ?? none)];
      const named = kind === 'j' ? used.filter(buffer => names(javaLines[kernel.java][b], buffer)) : none;
      use(named.length > 0 ? named : used);
      (kernel.nodes ?? none).forEach(node => ids.add(`n:${OPTIMIZED}:${node}`));
      break;
    }
    case 'b':
      kernels.forEach((kernel, number) => {
        const written = (kernel.writes ?? none).some(buffer => rootBuffer(buffer) === Number(a));
        if (written || (kernel.reads ?? none).some(buffer => rootBuffer(buffer) === Number(a))) {
          ids.add('k:' + number);
          ids.add(`n:${PLAN}:${number}`);
        }
      });
      stages.forEach((stage, number) => stage.drawn.forEach(at => {
        if (number !== PLAN && stage.nodes[at].name === buffers[a].name) {
          ids.add(`n:${number}:${at}`);
          comeFrom(stage.nodes[at].origins);
        }
      }));
      break;
    case 'm': {
      const line = mathematics[a];
      if (line.node !== undefined) {
        ids.add('n:1:' + line.node);
        comeFrom(stages[1].nodes[line.node].origins);
      } else if (line.place !== undefined) {
        comeFrom(originsOfPlace[line.place]);
        ids.add('p:' + line.place);
      }
      mathematics.forEach((other, number) => {
        const rule = line.section === 'RULES' ? line : other, applied = line.section === 'RULES' ? other : line;
        if (rule.section === 'RULES' && applied.section !== 'RULES' && (applied.rules ?? none).includes(rule.rules[0])) ids.add('m:' + number);
      });
      break;
    }
  }
  own.delete(0);
  if (kind === 'p' || kind === 'l') { // what is declared there, an input or a parameter, is computed by no kernel, but read
    for (const node of stages[0].nodes) {
      const named = node.inputs.length === 0 && node.origins.some(origin => own.has(origin)) ? buffersByName.get(node.name) ?? none : none;
      use(named);
      readers(named);
    }
  }
  const inOwnText = kind === 'p' && !isLibrary(a) || kind === 'l' && !texts[a].library;
  return { ids, own, origins: new Set([...own].flatMap(kin)), inOwnText };
}

/** Whether an element's id is lit by these relatives. */
function isLit(id, found) {
  const { ids, own, origins: all, inOwnText } = found;
  if (ids.has(id)) return true;
  const [kind, a, b] = id.split(':');
  switch (kind) {
    case 'p': return !(inOwnText && !isLibrary(a)) && originsOfPlace[a].some(origin => own.has(origin));
    case 'l': return (placesOfLine.get(id) ?? none).some(place => isLit('p:' + place, found));
    case 'n': return stages[a].nodes[b].origins.some(origin => all.has(origin));
    case 'k': return (kernels[a].origins ?? none).some(origin => all.has(origin));
    case 'm': {
      const { node, place } = mathematics[a];
      return node !== undefined ? stages[1].nodes[node].origins.some(origin => all.has(origin))
        : place !== undefined && originsOfPlace[place].some(origin => own.has(origin));
    }
    default: return false;
  }
}

/** Whether what a line of mathematics defines is computed by a kernel: rewriting leaves a value its name and what is asked of it. */
function computes(kernel, line) {
  if (line.node === undefined) return false;
  const defined = stages[1].nodes[line.node];
  return (kernel.nodes ?? none).map(at => stages[OPTIMIZED].nodes[at]).some(node => node.role === defined.role &&
    ((defined.roots ?? none).some(root => (node.roots ?? none).includes(root))
      || node.name && node.name === defined.name && node.origins.some(origin => defined.origins.includes(origin))));
}

let pinned = null;
let marked = [];

function mark(element, ...classes) {
  element.classList.add(...classes);
  marked.push(element);
}

/** Lights up an id and its relatives, and nothing else; null puts the lights out. */
function light(id) {
  marked.forEach(element => element.classList.remove('lit', 'self'));
  marked = [];
  if (!id) return;
  const found = relatives(id);
  const kernelLit = kernels.map((_, number) => isLit('k:' + number, found));
  const kernel = id[0] === 'k' || id[0] === 'j' ? kernels[id.split(':')[1]] : undefined;
  const bufferLit = new Set();
  if (!'kjb'.includes(id[0])) {
    kernels.forEach((kernel, number) => { if (kernelLit[number]) (kernel.writes ?? none).forEach(buffer => bufferLit.add('b:' + rootBuffer(buffer))); });
  }
  for (const [each, list] of elements) {
    if (each[0] === 'j') continue;
    const lit = each[0] === 'k' ? kernelLit[each.slice(2)] : isLit(each, found) || bufferLit.has(each);
    if (!lit) continue;
    for (const element of list) {
      mark(element, 'lit', ...(each === id || each[0] === 'm' && kernel && computes(kernel, mathematics[each.slice(2)]) ? ['self'] : none));
      const layer = element.closest('details');
      if (layer) mark(layer.firstChild, 'lit'); // which shows it where the layer is folded
    }
  }
  if (id[0] === 'j') (elements.get(id) ?? none).forEach(element => mark(element, 'self'));
  if (id[0] === 'b') lightRows(Number(id.slice(2)), kernelLit);
  const stage = stages[shown];
  const litBoxes = new Set(stage.drawn.filter(at => isLit(`n:${shown}:${at}`, found)).map(at => boxOf(stage, at)));
  pane('graph').querySelectorAll('[data-id]').forEach(element => {
    const own = element.dataset.id === id;
    if (own || litBoxes.has(element.dataset.id)) mark(element, 'lit', ...(own ? ['self'] : none));
  });
}

/** The lines of Java that name a buffer. */
function lightRows(buffer, kernelLit) {
  for (const [id, rows] of elements) {
    if (id[0] !== 'j') continue;
    const [, number, line] = id.split(':');
    if (kernelLit[number] && names(javaLines[kernels[number].java][line], buffer)) rows.forEach(row => mark(row, 'lit'));
  }
}

/** Keeps an id lit, and brings its relatives into view in the other panes. */
function pin(id, except) {
  pinned = id;
  light(id);
  tell(id);
  history.replaceState(null, '', '#' + (id ?? '')); // so that the address leads back here
  if (!id) return;
  for (const name of ['model', 'graph', 'mathematics', 'java', 'memory']) {
    if (name !== except) scrollTo(name, element => element.classList.contains('self')) || scrollTo(name, element => element.classList.contains('lit'));
  }
}

/** Scrolls a pane, and no more than that pane, to its first element of some kind. */
function scrollTo(name, wanted) {
  const content = pane(name);
  const element = [...content.querySelectorAll('[data-id]')].find(each => wanted(each) && !(name === 'model' && each.closest('details')?.open === false));
  if (!element) return false;
  for (let layer = element.closest('details'); layer; layer = layer.parentElement.closest('details')) layer.open = true;
  const box = element.getBoundingClientRect(), view = content.getBoundingClientRect();
  if (box.top < view.top + 24 || box.bottom > view.bottom) content.scrollTop += box.top - view.top - Math.max(30, (view.height - box.height) / 3);
  if (box.left < view.left || box.left > view.right - 40) content.scrollLeft += box.left - view.left - view.width / 3;
  return true;
}

// ------------------------------------------------------------ what is told at the foot

function tell(id) {
  const told = $('told');
  if (!id) {
    told.textContent = 'Point at anything: what belongs to it lights up. A click keeps it.';
    return;
  }
  const [kind, a, b] = id.split(':');
  const parts = [];
  const say = (what, text) => { if (text !== undefined && text !== '') parts.push(make('i', '', null, what), make('span', '', null, text)); };
  const head = (text, what) => parts.push(make('b', '', null, text), make('span', '', null, what));
  const buffersSaid = list => (list ?? none).map(buffer => buffers[buffer].name + ' ' + buffers[buffer].shape).join(', ');
  const kernelsSaid = test => kernels.filter(test).map(kernel => kernel.name).join(', ');
  switch (kind) {
    case 'p': head(placeName(a), texts[places[a][0]].text.slice(places[a][1], places[a][2]).replace(/\s+/g, ' ')); break;
    case 'l': head(fileName(a) + ':' + b, lineText(a, b).trim()); break;
    case 'n': {
      if (Number(a) === PLAN) return tell('k:' + b);
      const node = stages[a].nodes[b];
      head(node.name || node.op, `${node.op} ${node.type}`);
      say('of the', node.role.toLowerCase());
      if (node.of !== undefined) say('gradient of', stages[a].nodes[node.of].name || stages[a].nodes[node.of].op);
      say('asked for as', (node.roots ?? none).join(', '));
      say('from', node.origins.flatMap(origin => origins[origin]).map(placeName).join(', '));
      if (Number(a) === OPTIMIZED) say('kernel', kernelsSaid(kernel => (kernel.nodes ?? none).includes(Number(b))));
      break;
    }
    case 'c': {
      const layer = stages[a].layers[b];
      head(layer.title, `${layer.nodes.length} ${Number(a) === PLAN ? 'kernels' : 'values'}`);
      say('double click', stages[a].open.has(Number(b)) ? 'folds' : 'opens');
      break;
    }
    case 'k':
    case 'j': {
      const kernel = kernels[a];
      head(kernel.name, 'kernel ' + a);
      if (kernel.place !== undefined) say('from', placeName(kernel.place));
      say('runs to', (kernel.programs ?? none).join(', '));
      say('computes', (kernel.formulas ?? none).join(';  '));
      say('reads', buffersSaid(kernel.reads));
      say('writes', buffersSaid(kernel.writes));
      break;
    }
    case 'b': {
      const buffer = buffers[a];
      const touches = key => kernel => (kernel[key] ?? none).some(each => rootBuffer(each) === Number(a));
      head(buffer.name, `${buffer.shape}, ${buffer.floats.toLocaleString('en')} floats of the ${buffer.space} from ${buffer.offset.toLocaleString('en')}`);
      say('written by', kernelsSaid(touches('writes')));
      say('read by', kernelsSaid(touches('reads')));
      break;
    }
    case 'm': head('', mathematics[a].text); say('rules', (mathematics[a].rules ?? none).join(', ')); break;
  }
  told.replaceChildren(...parts);
}

// ------------------------------------------------------------ pointing

const idAt = event => event.target.closest?.('main [data-id]')?.dataset.id ?? null;
let over = null;

document.addEventListener('mouseover', event => {
  const id = idAt(event);
  if (pinned || id === over) return;
  over = id;
  requestAnimationFrame(() => { if (!pinned && over === id) { light(id); tell(id); } });
});

document.addEventListener('click', event => {
  const id = idAt(event);
  if (id) pin(id === pinned ? null : id, event.target.closest('section').id);
  else if (event.target.closest('#graph .content')) pin(null);
});

document.addEventListener('dblclick', event => {
  const id = idAt(event);
  if (id?.startsWith('c:')) {
    pinned = id;
    toggleLayer(id);
    getSelection().removeAllRanges();
  }
});

pane('graph').addEventListener('wheel', event => {
  if (event.ctrlKey) {
    event.preventDefault();
    zoomGraph(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  }
}, { passive: false });

/** What stands before or behind an id in its pane. */
function beside(id, step) {
  const [kind, a, b] = id.split(':');
  const move = (list, at) => list[Math.min(list.length - 1, Math.max(0, list.indexOf(at) + step))];
  switch (kind) {
    case 'p': return `l:${places[a][0]}:${placeLine(a)}`;
    case 'l': return `l:${a}:${move([...lineStarts[a].keys()].map(line => line + 1), Number(b))}`;
    case 'n': return `n:${a}:${move(stages[a].drawn.filter(at => boxOf(stages[a], at)[0] === 'n'), Number(b))}`;
    case 'c': return `c:${a}:${move(stages[a].used, Number(b))}`;
    case 'k': return `k:${move([...kernels.keys()], Number(a))}`;
    case 'j': return `k:${a}`;
    case 'b': return `b:${move(shownBuffers, Number(a))}`;
    default: return `m:${move([...mathematics.keys()], Number(a))}`;
  }
}

/** Shows an id wherever it is: its stage, its layer. */
function reveal(id) {
  const [kind, stage, number] = id.split(':');
  if (kind === 'n') {
    stages[stage].paths[number].forEach(layer => stages[stage].open.add(layer));
    showStage(Number(stage), () => pin(id));
  } else {
    if (kind === 'l' || kind === 'p') elements.get(id)?.[0].closest('details')?.setAttribute('open', '');
    if (kind === 'j') fillKernel(elements.get('k:' + stage)[0]);
    pin(id);
  }
}

/** Whether an address names something on this page. */
function exists(id) {
  const [kind, a, b] = id.split(':');
  return elements.has(id) || kind === 'j' && kernels[a] !== undefined || kind === 'n' && stages[a]?.nodes[b] !== undefined || kind === 'c' && stages[a]?.layers[b] !== undefined;
}

// ------------------------------------------------------------ search

const MOST_FOUND = 60;
let findable = null;
let chosen = 0;

/** Everything that has a text: what it is, the text, the id. */
function everything() {
  const all = [];
  texts.forEach(({ library }, text) => lineStarts[text].forEach((_, line) => all.push([library ? 'library' : 'model', lineText(text, line + 1).trim(), `l:${text}:${line + 1}`])));
  kernels.forEach((kernel, number) => all.push(['kernel', kernel.name + '   ' + (kernel.formulas ?? none).join('; '), 'k:' + number]));
  buffers.forEach((buffer, number) => { if (buffer.whole === undefined) all.push(['buffer', buffer.name + ' ' + buffer.shape, 'b:' + number]); });
  mathematics.forEach((line, number) => all.push(['mathematics', line.text, 'm:' + number]));
  stages.slice(0, PLAN).forEach((stage, number) => stage.drawn.forEach(at => {
    const { name, op, type } = stage.nodes[at];
    all.push([stage.name, `${name ?? ''} ${op} ${type}`.trim(), `n:${number}:${at}`]);
  }));
  kernels.forEach(({ java, from, to }, number) => {
    for (let line = from; line < to; line++) all.push(['java', javaLines[java][line].trim(), `j:${number}:${line}`]);
  });
  return all;
}

function find() {
  const wanted = $('search').value.trim().toLowerCase();
  findable ??= everything();
  const hits = wanted ? findable.filter(([, text]) => text.toLowerCase().includes(wanted)).slice(0, MOST_FOUND) : none;
  chosen = 0;
  $('found').hidden = wanted === '';
  $('found').replaceChildren(...hits.map(([what, text, id], number) => {
    const item = make('li', number === 0 ? 'chosen' : '', null, make('b', '', null, what), text);
    item.dataset.found = id;
    return item;
  }));
  if (wanted && hits.length === 0) $('found').append(make('li', '', null, 'nothing'));
}

function choose(step) {
  const items = [...$('found').children];
  items[chosen]?.classList.remove('chosen');
  chosen = Math.min(items.length - 1, Math.max(0, chosen + step));
  items[chosen]?.classList.add('chosen');
  items[chosen]?.scrollIntoView({ block: 'nearest' });
}

function take(item) {
  $('found').hidden = true;
  $('search').blur();
  if (item?.dataset.found) reveal(item.dataset.found);
}

$('search').addEventListener('input', find);
$('search').addEventListener('keydown', event => {
  if (event.key === 'ArrowDown') choose(1);
  else if (event.key === 'ArrowUp') choose(-1);
  else if (event.key === 'Enter') take($('found').children[chosen]);
  else if (event.key === 'Escape') take(null);
  else return;
  event.preventDefault();
  event.stopPropagation();
});
$('found').addEventListener('click', event => take(event.target.closest('li')));

// ------------------------------------------------------------ folding, themes, keys

/** Folds all layers if one is open, else unfolds them, those of the graph as far as it can still be read. */
function foldAll() {
  const details = [...document.querySelectorAll('#java details, #mathematics details')];
  const open = details.some(each => each.open);
  details.forEach(each => { each.open = !open; });
  const stage = stages[shown];
  if (open) stage.open.clear(); else openUpTo(stage, MOST_BOXES);
  drawGraph();
}

const system = matchMedia('(prefers-color-scheme: dark)');
let theme = null; // what was chosen here
try { theme = localStorage.getItem('nnc-theme'); } catch { /* the page is a file, and the browser keeps nothing for it */ }

function applyTheme() {
  document.documentElement.dataset.theme = theme ?? (system.matches ? 'dark' : 'light');
}

function switchTheme() {
  theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  try { localStorage.setItem('nnc-theme', theme); } catch { /* as above */ }
  applyTheme();
}

system.addEventListener('change', applyTheme);
$('theme').addEventListener('click', switchTheme);
$('fold').addEventListener('click', foldAll);
$('help').addEventListener('click', () => $('keys').showModal());
$('smaller').addEventListener('click', () => zoomGraph(1 / 1.25));
$('larger').addEventListener('click', () => zoomGraph(1.25));
$('fit').addEventListener('click', () => zoomGraph(0));

const KEYS = {
  '/': () => { $('search').focus(); $('search').select(); },
  Escape: () => pin(null),
  ArrowDown: () => pin(pinned ? beside(pinned, 1) : 'l:0:1'),
  ArrowUp: () => pin(pinned ? beside(pinned, -1) : 'l:0:1'),
  ArrowLeft: () => showStage(shown - 1),
  ArrowRight: () => showStage(shown + 1),
  Enter: () => { if (pinned?.startsWith('c:')) toggleLayer(pinned); },
  z: foldAll, t: switchTheme, '?': () => $('keys').showModal(),
  '+': () => zoomGraph(1.25), '-': () => zoomGraph(1 / 1.25), 0: () => zoomGraph(0),
};
stages.forEach((_, number) => { KEYS[number + 1] = () => showStage(number); });

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || $('keys').open || event.target === $('search')) return;
  if (event.key === 'Enter' && event.target.closest('button, summary')) return;
  const action = KEYS[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
});

// ------------------------------------------------------------ first of all

applyTheme();
$('stages').append(...stages.map((stage, number) => {
  const button = make('button', '', null, stage.name);
  button.title = `${stage.name} (${number + 1})`;
  button.addEventListener('click', () => showStage(number));
  return button;
}));
showModel();
showMathematics();
showJava();
showMemory();
drawGraph();
Viz.instance().then(instance => {
  viz = instance;
  const id = decodeURIComponent(location.hash.slice(1));
  if (exists(id)) reveal(id);
  if (!id.startsWith('n:')) drawGraph();
  document.body.dataset.ready = 'true';
});

})();
