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
    if isinstance(node, ast.Call):
        return text_of_call(node)
    return False


def text_of_call(node):
    owner = getattr(node.func, "value", None)
    method = getattr(node.func, "attr", getattr(node.func, "id", ""))
    is_get = method in ("get", "setdefault") and is_environ(owner)
    if is_get or method == "getenv":
        key = text_of(argument(node, 0, "key"))
        default = argument(node, 1, "default", "value")
        return environment.get(key, text_of(default) if default else None) if isinstance(key, str) else False
    if method == "strip" and not node.args:
        return stripped(text_of(owner))
    if method == "decode":
        return converted(bytes.decode, bytes_of(owner), node.args, node.keywords)
    if getattr(node.func, "id", "") == "str" and node.args:
        return converted(bytes.decode, bytes_of(node.args[0]), node.args[1:], node.keywords)
    return False


def bytes_of(node):
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, bytes) else False
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [bytes_of(node.left), bytes_of(node.right)]
        return b"".join(parts) if all(isinstance(part, bytes) for part in parts) else False
    if not isinstance(node, ast.Call):
        return False
    method = getattr(node.func, "attr", "")
    if method == "strip" and not node.args:
        return stripped(bytes_of(node.func.value))
    if method == "encode":
        return converted(str.encode, text_of(node.func.value), node.args, node.keywords)
    if getattr(node.func, "id", "") == "bytes" and node.args:
        return converted(str.encode, text_of(node.args[0]), node.args[1:], node.keywords)
    return False


def stripped(value):
    return value.strip() if isinstance(value, (str, bytes)) else False


def converted(how, value, args, keywords):
    options = [text_of(one) for one in args]
    named = {keyword.arg: text_of(keyword.value) for keyword in keywords}
    if not isinstance(value, (str, bytes)) or not all(isinstance(one, str) for one in [*options, *named.values(), *named]):
        return False
    try:
        return how(value, *options, **named)
    except (LookupError, TypeError, ValueError):
        return False


def argument(call, at, *names):
    if at < len(call.args):
        return call.args[at]
    return next((keyword.value for keyword in call.keywords if keyword.arg in names), None)


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
