"use strict";
// Loops at the top of a cell at the speed of loops in a function. A variable of the session lies on
// the global object, where V8 boxes a number anew at each assignment. So a number that such a loop
// changes, and that no function can see, is a local variable while the loop runs; a typed array
// holds a copy of it, from which the session takes the value if the loop is interrupted.
//
//   { let sumª2 = sumª; const ªcopy = ª.enter(["sum"], [sumª2]);
//     try { for (…) ªcopy[0] = sumª2 += i; } finally { sumª = sumª2; ª.leave(ªcopy); } }
const ts = require("typescript");
const { MARK, stored } = require("./names.cjs");

const { factory: f, SyntaxKind } = ts;
const COPY = `${MARK}copy`;
const localName = (name) => `${stored(name)}2`;

class Loops {
  #scope;
  #isCaptured;
  #locals = []; // names, while the loop is being rewritten
  #inside = false;

  constructor(scope, isCaptured) {
    this.#scope = scope;
    this.#isCaptured = isCaptured;
  }

  localOf(name) {
    return this.#locals.includes(name) ? localName(name) : null;
  }

  /** Whether a node is a loop (with its labels) at the top of the cell that has variables to keep. */
  isOutermost(node) {
    if (this.#inside || !isLoop(node) || inFunction(node)) return false;
    return this.#changed(node).length > 0;
  }

  withLocals(node, visit) {
    this.#locals = this.#changed(node);
    this.#inside = true;
    const names = this.#locals;
    const loop = visit(node);
    this.#locals = [];
    this.#inside = false;
    const id = (text) => f.createIdentifier(text);
    const call = (method, ...args) =>
      f.createCallExpression(f.createPropertyAccessExpression(id(MARK), method), undefined, args);
    const variables = (flags, entries) =>
      f.createVariableStatement(
        undefined,
        f.createVariableDeclarationList(
          entries.map(([name, value]) =>
            f.createVariableDeclaration(name, undefined, undefined, value),
          ),
          flags,
        ),
      );
    const listed = f.createArrayLiteralExpression(names.map((name) => f.createStringLiteral(name)));
    const values = f.createArrayLiteralExpression(names.map((name) => id(localName(name))));
    const back = names.map((name) =>
      f.createExpressionStatement(f.createAssignment(id(stored(name)), id(localName(name)))),
    );
    return f.createBlock([
      variables(
        ts.NodeFlags.Let,
        names.map((name) => [localName(name), id(stored(name))]),
      ),
      variables(ts.NodeFlags.Const, [[COPY, call("enter", listed, values)]]),
      f.createTryStatement(
        f.createBlock([loop]),
        undefined,
        f.createBlock([...back, f.createExpressionStatement(call("leave", id(COPY)))]),
      ),
    ]);
  }

  /** An assignment to a local, or null. */
  assignment(node, visit) {
    if (ts.isBinaryExpression(node) && ts.isAssignmentOperator(node.operatorToken.kind)) {
      const name = this.#localIn(node.left);
      if (!name) return null;
      const { operatorToken } = node;
      return ts.setTextRange(
        this.#copied(
          name,
          f.createBinaryExpression(
            f.createIdentifier(localName(name)),
            operatorToken,
            visit(node.right),
          ),
        ),
        node,
      );
    }
    const isUnary = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node);
    if (!isUnary || !isStep(node.operator)) return null;
    const name = this.#localIn(node.operand);
    if (!name) return null;
    const operator = node.operator;
    const stepped = this.#copied(
      name,
      f.createPrefixUnaryExpression(operator, f.createIdentifier(localName(name))),
    );
    if (ts.isPrefixUnaryExpression(node) || isUnused(node)) return ts.setTextRange(stepped, node);
    // The value before the step.
    const back =
      operator === SyntaxKind.PlusPlusToken ? SyntaxKind.MinusToken : SyntaxKind.PlusToken;
    return ts.setTextRange(
      f.createParenthesizedExpression(
        f.createBinaryExpression(
          f.createParenthesizedExpression(stepped),
          back,
          f.createNumericLiteral(1),
        ),
      ),
      node,
    );
  }

  assign(name, value) {
    return this.#copied(name, f.createAssignment(f.createIdentifier(localName(name)), value));
  }

  #copied(name, assignment) {
    const place = f.createElementAccessExpression(
      f.createIdentifier(COPY),
      this.#locals.indexOf(name),
    );
    return f.createAssignment(place, assignment);
  }

  #localIn(node) {
    const name = ts.isIdentifier(node) ? this.#nameOf(node) : null;
    return name && this.#locals.includes(name) ? name : null;
  }

  #nameOf(identifier) {
    return this.#scope.nameOf(identifier);
  }

  /** Numbers that the loop changes, one by one, and that nothing else can see. */
  #changed(loop) {
    const changed = new Set();
    const otherwise = new Set(); // by a pattern, or as the variable of a `for … of`
    const note = (target, into) => {
      if (ts.isIdentifier(target)) {
        const name = this.#nameOf(target);
        if (name) (this.#scope.isNumber(target) ? into : otherwise).add(name);
      } else if (ts.isObjectLiteralExpression(target) || ts.isArrayLiteralExpression(target))
        ts.forEachChild(target, function each(node) {
          if (ts.isIdentifier(node)) otherwise.add(node.text);
          ts.forEachChild(node, each);
        });
    };
    const walk = (node) => {
      if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
      if (ts.isBinaryExpression(node) && ts.isAssignmentOperator(node.operatorToken.kind))
        note(node.left, changed);
      else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
        if (isStep(node.operator)) note(node.operand, changed);
      } else if (
        ts.isVariableDeclaration(node) &&
        this.#scope.owns(node) &&
        ts.isIdentifier(node.name)
      ) {
        const list = node.parent;
        const of = ts.isForOfStatement(list.parent) || ts.isForInStatement(list.parent);
        (this.#scope.isNumber(node.name) && !of ? changed : otherwise).add(node.name.text);
      } else if (ts.isForOfStatement(node) || ts.isForInStatement(node))
        note(node.initializer, otherwise);
      else if (ts.isBindingElement(node) && this.#scope.owns(node) && ts.isIdentifier(node.name))
        otherwise.add(node.name.text);
      ts.forEachChild(node, walk);
    };
    walk(loop);
    return [...changed].filter((name) => !otherwise.has(name) && !this.#isCaptured(name));
  }
}

const isStep = (operator) =>
  operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;

function isLoop(node) {
  if (ts.isLabeledStatement(node)) return isLoop(node.statement);
  return ts.isIterationStatement(node, false);
}

function inFunction(node) {
  return Boolean(ts.findAncestor(node, (each) => ts.isFunctionLike(each) || ts.isClassLike(each)));
}

/** A step whose value nobody reads. */
function isUnused(node) {
  const { parent } = node;
  return (
    ts.isExpressionStatement(parent) || (ts.isForStatement(parent) && parent.incrementor === node)
  );
}

module.exports = { Loops };
