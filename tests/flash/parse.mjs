// Reads a PowerShell script with the grammar of tree-sitter and tells where it does not hold: PowerShell itself need not be
// there. Usage: npm ci --ignore-scripts (or install), then node parse.mjs [FILE]; exit code 1: it does not parse.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

const file = process.argv[2] ?? new URL('../../flash.ps1', import.meta.url);
const require = createRequire(import.meta.url);
await Parser.init();
const grammar = require.resolve('tree-sitter-powershell/package.json').replace('package.json', 'tree-sitter-powershell.wasm');
const parser = new Parser();
parser.setLanguage(await Language.load(grammar));
const tree = parser.parse(readFileSync(file, 'utf8'));

let faults = 0;
let nodes = 0;
const look = (node) => {
  nodes++;
  if (node.isError || node.isMissing) {
    faults++;
    console.log(`${node.startPosition.row + 1}:${node.startPosition.column + 1}: ${node.isMissing ? 'missing ' : ''}${node.type}: ${node.text.slice(0, 60)}`);
  }
  node.children.forEach(look);
};
look(tree.rootNode);
console.log(`${nodes} nodes, ${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;
