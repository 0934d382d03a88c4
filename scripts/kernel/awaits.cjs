"use strict";
// The second half, after TypeScript has taken the types away: a cell becomes the body of a generator.
// Each `await` at its top is a `yield` of the awaited value with its place, and the kernel goes on
// with the cell when the value is there. So it can stop a cell at any `await`, and every stretch of
// code between two of them.
const ts = require("typescript");
const { MARK } = require("./names.cjs");

const { factory: f } = ts;

/** @type {import("typescript").TransformerFactory<import("typescript").SourceFile>} */
function awaitsToYields(context) {
  function visit(node) {
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return node;
    if (ts.isExportDeclaration(node)) return undefined; // the `export {}` of a module
    if (ts.isAwaitExpression(node)) return yieldOf(visit(node.expression), node);
    if (ts.isLabeledStatement(node)) {
      const labels = [];
      /** @type {import("typescript").Statement} */
      let statement = node;
      for (; ts.isLabeledStatement(statement); statement = statement.statement)
        labels.push(statement.label);
      if (isForAwait(statement)) return forAwait(statement, labels);
    }
    if (isForAwait(node)) return forAwait(node, []);
    return ts.visitEachChild(node, visit, context);
  }

  function yieldOf(value, node) {
    const original = ts.getParseTreeNode(node);
    const source = original && ts.getSourceFileOfNode(original);
    const { line = -1, character = 0 } = original
      ? source.getLineAndCharacterOfPosition(original.getStart(source))
      : {};
    const place = [line + 1, character + 1].map((number) => f.createNumericLiteral(number));
    return ts.setTextRange(
      f.createParenthesizedExpression(
        f.createYieldExpression(undefined, f.createArrayLiteralExpression([value, ...place])),
      ),
      node,
    );
  }

  /**
   * { const ªit = ª.iterate(values); let ªnext;
   *   try { for (; (ªnext = null, !(ªnext = yield ªit.next()).done); ) { const x = ªnext.value; … } }
   *   finally { if (ªnext && !ªnext.done && ªit.return) yield ªit.return(); } }
   */
  function forAwait(node, labels) {
    const id = (name) => f.createIdentifier(MARK + name);
    const member = (object, name) => f.createPropertyAccessExpression(object, name);
    const call = (callee, ...args) => f.createCallExpression(callee, undefined, args);
    const { initializer, expression, statement } = node;
    const taken = member(id("next"), "value");
    const each = ts.isVariableDeclarationList(initializer)
      ? f.createVariableStatement(
          undefined,
          f.createVariableDeclarationList(
            [
              f.createVariableDeclaration(
                initializer.declarations[0].name,
                undefined,
                undefined,
                taken,
              ),
            ],
            initializer.flags,
          ),
        )
      : f.createExpressionStatement(
          f.createParenthesizedExpression(f.createAssignment(initializer, taken)),
        );
    const body = ts.visitNode(statement, visit);
    const inner = ts.isBlock(body) ? body.statements : [body];
    const step = f.createAssignment(id("next"), yieldOf(call(member(id("it"), "next")), node));
    const condition = f.createComma(
      f.createAssignment(id("next"), f.createNull()),
      f.createLogicalNot(member(f.createParenthesizedExpression(step), "done")),
    );
    const loop = labels.reduceRight(
      (labelled, label) => f.createLabeledStatement(label, labelled),
      f.createForStatement(undefined, condition, undefined, f.createBlock([each, ...inner])),
    );
    const unfinished = [
      f.createLogicalNot(member(id("next"), "done")),
      member(id("it"), "return"),
    ].reduce(
      (a, b) => f.createLogicalAnd(a, b),
      /** @type {import("typescript").Expression} */ (id("next")),
    );
    const close = f.createExpressionStatement(yieldOf(call(member(id("it"), "return")), node));
    const variable = (name, value, flags) =>
      f.createVariableStatement(
        undefined,
        f.createVariableDeclarationList(
          [f.createVariableDeclaration(id(name), undefined, undefined, value)],
          flags,
        ),
      );
    return f.createBlock([
      variable(
        "it",
        call(member(f.createIdentifier(MARK), "iterate"), visit(expression)),
        ts.NodeFlags.Const,
      ),
      variable("next", undefined, ts.NodeFlags.Let),
      f.createTryStatement(
        f.createBlock([loop]),
        undefined,
        f.createBlock([f.createIfStatement(unfinished, close)]),
      ),
    ]);
  }

  return (source) => ts.visitEachChild(source, visit, context);
}

const isForAwait = (node) => ts.isForOfStatement(node) && Boolean(node.awaitModifier);

module.exports = { awaitsToYields };
