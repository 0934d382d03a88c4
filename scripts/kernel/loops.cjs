"use strict";
// Loops at the top of a cell at the speed of loops in a function. A variable of the session lies on
// the global object, where V8 boxes a number anew at each assignment. So what such a loop changes is
// a local variable while the loop runs, unless a function names it that could run meanwhile. A list
// holds a copy, from which the session takes the value if the loop is interrupted: a typed array
// where all are numbers.
//
//   { let sumª2 = sumª; const ªcopy = ª.enter(["sum"], [sumª2], true);
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
  #areNumbers = false; // all of them
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
    return this.#changed(node).size > 0;
  }

  withLocals(node, visit) {
    const changed = this.#changed(node);
    this.#locals = [...changed.keys()];
    this.#areNumbers = [...changed.values()].every(Boolean);
    this.#inside = true;
    const names = this.#locals;
    const areNumbers = this.#areNumbers ? f.createTrue() : f.createFalse();
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
      variables(ts.NodeFlags.Const, [[COPY, call("enter", listed, values, areNumbers)]]),
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
      if (isPattern(node.left)) return this.#patternAssignment(node, visit);
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

  /** `[a, b] = [b, a + b]`, and then the copies. */
  #patternAssignment(node, visit) {
    const names = targetsOf(node.left).flatMap((each) => this.#localIn(each) ?? []);
    if (names.length === 0) return null;
    const { left, operatorToken, right } = node;
    const whole = f.createBinaryExpression(visit(left), operatorToken, visit(right));
    const copies = names.map((name) => this.#copied(name, f.createIdentifier(localName(name))));
    return ts.setTextRange(
      f.createParenthesizedExpression(copies.reduce((a, b) => f.createComma(a, b), whole)),
      node,
    );
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

  /** What the loop changes, and no function that runs meanwhile sees: name → whether it is a number. */
  #changed(loop) {
    const changed = new Map();
    const otherwise = new Set(); // by a declared pattern, or as the variable of a `for … of`
    const note = (target) => {
      const name = this.#nameOf(target);
      if (name) add(name, target);
    };
    const add = (name, node) =>
      changed.set(name, (changed.get(name) ?? true) && this.#scope.isNumber(node));
    const leave = (target) => {
      for (const each of targetsOf(target)) otherwise.add(this.#nameOf(each));
    };
    const walk = (node) => {
      if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
      if (ts.isBinaryExpression(node) && ts.isAssignmentOperator(node.operatorToken.kind)) {
        if (isPattern(node.left) && !isUnused(node)) leave(node.left);
        else targetsOf(node.left).forEach(note);
      } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
        // `n++` as a value is computed back, which holds for numbers.
        const isPlain = ts.isPrefixUnaryExpression(node) || isUnused(node);
        if (isStep(node.operator) && (isPlain || this.#scope.isNumber(node.operand)))
          targetsOf(node.operand).forEach(note);
        else if (isStep(node.operator)) leave(node.operand);
      } else if (
        ts.isVariableDeclaration(node) &&
        this.#scope.owns(node) &&
        ts.isIdentifier(node.name)
      ) {
        const list = node.parent;
        const of = ts.isForOfStatement(list.parent) || ts.isForInStatement(list.parent);
        if (of) otherwise.add(node.name.text);
        else add(node.name.text, node.name);
      } else if (
        (ts.isForOfStatement(node) || ts.isForInStatement(node)) &&
        !ts.isVariableDeclarationList(node.initializer)
      )
        leave(node.initializer);
      else if (ts.isBindingElement(node) && this.#scope.owns(node) && ts.isIdentifier(node.name))
        otherwise.add(node.name.text);
      ts.forEachChild(node, walk);
    };
    walk(loop);
    const mayBeSeen = [...changed.keys()].some(this.#isCaptured) && this.#callsOthers(loop);
    return new Map(
      [...changed].filter(
        ([name]) => !otherwise.has(name) && !(mayBeSeen && this.#isCaptured(name)),
      ),
    );
  }

  /** Whether code from outside may run in a loop: a function, an accessor, an iterator, `valueOf`. */
  #callsOthers(node) {
    if (calling.has(node.kind) || ts.isFunctionLike(node) || ts.isClassLike(node)) return true;
    if (ts.isCallExpression(node) && !this.#isMath(node.expression)) return true;
    if (ts.isPropertyAccessExpression(node) && !this.#isMath(node)) {
      if (node.name.text !== "length" || !this.#scope.isList(node.expression)) return true;
    }
    if (ts.isElementAccessExpression(node) && !this.#scope.isList(node.expression)) return true;
    if (ts.isBinaryExpression(node) && !isPattern(node.left)) {
      const { left, right } = node;
      if (!this.#scope.isPrimitive(left) || !this.#scope.isPrimitive(right)) return true;
    }
    if (ts.isPrefixUnaryExpression(node) && !this.#scope.isPrimitive(node.operand)) return true;
    return Boolean(ts.forEachChild(node, (child) => this.#callsOthers(child)));
  }

  #isMath(node) {
    if (!ts.isPropertyAccessExpression(node)) return false;
    const { expression: math } = node;
    return ts.isIdentifier(math) && math.text === "Math" && !this.#nameOf(math);
  }
}

const calling = new Set([
  SyntaxKind.NewExpression,
  SyntaxKind.TaggedTemplateExpression,
  SyntaxKind.TemplateExpression,
  SyntaxKind.AwaitExpression,
  SyntaxKind.ForOfStatement,
  SyntaxKind.ForInStatement,
  SyntaxKind.SpreadElement,
  SyntaxKind.ObjectBindingPattern,
  SyntaxKind.ArrayBindingPattern,
]);

const isStep = (operator) =>
  operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;

const isPattern = (node) => ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node);

/** The names to which the left side of an assignment assigns. */
function targetsOf(node) {
  if (ts.isIdentifier(node)) return [node];
  if (ts.isParenthesizedExpression(node) || ts.isSpreadElement(node))
    return targetsOf(node.expression);
  if (ts.isBinaryExpression(node)) return targetsOf(node.left); // with a default
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(targetsOf);
  if (ts.isObjectLiteralExpression(node)) return node.properties.flatMap(targetsOf);
  if (ts.isPropertyAssignment(node)) return targetsOf(node.initializer);
  if (ts.isShorthandPropertyAssignment(node)) return [node.name];
  if (ts.isSpreadAssignment(node)) return targetsOf(node.expression);
  return [];
}

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
