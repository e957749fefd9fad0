/**
 * Compares two Python texts as Python's own parser sees them. They may differ in two ways only: the import that was
 * added, and `os.environ["NAME"]` where a string with the variable's value was. Says `same`, `different`, `broken` (the new text
 * does not parse) or `unparsed` (the old one does not either). The texts come over standard input and are never run.
 */
export const PYTHON_COMPARISON = `
import ast, base64, json, sys

job = json.loads(sys.stdin.buffer.read())
environment = job["environment"]
accepted = job["same"]


def parse(text):
    source = base64.b64decode(text)
    compile(source, "<text>", "exec", dont_inherit=True)  # finds what parsing alone lets pass; runs nothing
    return ast.parse(source)


def reference(node):
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Attribute):
        return None
    module, key = node.value.value, node.slice
    key = getattr(key, "value", key)
    if not isinstance(module, ast.Name) or node.value.attr != "environ" or not isinstance(node.ctx, ast.Load):
        return None
    return key if isinstance(key, str) and module.id == expected else None


def text_of(node):
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) or node.value is None else False
    if isinstance(node, ast.JoinedStr):
        parts = [text_of(part) for part in node.values]
        return "".join(parts) if all(isinstance(part, str) for part in parts) else False
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [text_of(node.left), text_of(node.right)]
        return "".join(parts) if all(isinstance(part, str) for part in parts) else False
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return next((text for text in map(text_of, node.values) if text is not None and text != ""), False)
    if isinstance(node, ast.Subscript):
        key = getattr(node.slice, "value", node.slice)
        return environment.get(key, False) if is_environ(node.value) and isinstance(key, str) else False
    if isinstance(node, ast.Call) and node.args:
        called = node.func
        is_get = isinstance(called, ast.Attribute) and called.attr in ("get", "setdefault") and is_environ(called.value)
        is_getenv = getattr(called, "attr", getattr(called, "id", "")) == "getenv"
        key = text_of(node.args[0])
        if not (is_get or is_getenv) or not isinstance(key, str):
            return False
        others = node.args[1:] + [keyword.value for keyword in node.keywords]
        return environment.get(key, text_of(others[0]) if others else None)
    return False


def is_environ(node):
    return getattr(node, "attr", getattr(node, "id", "")) == "environ"


def same(old, new):
    name = reference(new)
    if name is not None and (reference(old) != name or name in environment):
        text = text_of(old)
        if isinstance(text, str):
            return text == environment.get(name) or text in accepted.get(name, [])
    if type(old) is not type(new):
        return False
    if isinstance(old, ast.AST):
        return all(same(getattr(old, field, None), getattr(new, field, None)) for field in old._fields)
    if isinstance(old, list):
        return len(old) == len(new) and all(map(same, old, new))
    return old == new and repr(old) == repr(new)


def verdict():
    global expected
    expected = "os"
    sys.setrecursionlimit(20000)
    try:
        old = parse(job["old"])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "unparsed"
    try:
        new = parse(job["new"])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "broken"
    if job["added"]:
        added = ast.dump(ast.parse(job["added"]).body[0])
        expected = job["added"].split()[-1]
        at = next((at for at, node in enumerate(new.body) if ast.dump(node) == added), None)
        if at is None:
            return "different"
        line = new.body[at].lineno
        if any(reference(node) and node.lineno <= line for node in ast.walk(new)):
            return "different"
        del new.body[at]
    return "same" if same(old, new) else "different"


print(verdict())
`;
