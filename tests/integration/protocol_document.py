# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of docs/protocol.md do what the page says: each expression followed by a comment gives that comment."""
import ast
import pathlib
import re
import sys

import samordning_pb2 as pb

page = pathlib.Path(sys.argv[1]).read_text(encoding='utf-8')
blocks = re.findall(r'```python\n(.*?)```', page, re.S)
derivation = next(block for block in blocks if 'hashlib' in block)
names: dict = {}
checked = 0
lines = derivation.splitlines()
for statement in ast.parse(derivation).body:
    code = compile(ast.Module([statement], []), 'protocol.md', 'exec')
    if not isinstance(statement, ast.Expr):
        exec(code, names)
        continue
    value = eval(compile(ast.Expression(statement.value), 'protocol.md', 'eval'), names)
    wanted = lines[statement.end_lineno].removeprefix('# ')
    assert str(value) == wanted, f'{value} is not {wanted}'
    checked += 1
assert checked == 2, checked

# The frame shown byte by byte.
frame = bytes.fromhex(re.search(r'^18 \| .*$', page, re.M).group().replace('|', ''))
request = pb.Request.FromString(frame[1:])
assert len(frame) == 25 and frame[0] == len(frame) - 1
assert request == pb.Request(id=1, hello=pb.HelloRequest(protocol=1, software='samordning 0.1.0')), request

# Every status is on the page, with its number.
for name, number in pb.StatusCode.items():
    assert re.search(rf'^\| {number} \| `{name.removeprefix("STATUS_")}` \|', page, re.M), name
for name in pb.ReceiptState.keys():
    if name != 'RECEIPT_UNSPECIFIED':
        assert f'`{name.removeprefix("RECEIPT_")}`' in page, name
for field in pb.Request.DESCRIPTOR.oneofs_by_name['body'].fields:
    assert f'`{field.name}`' in page, field.name

# The whole client compiles and uses names that exist.
client = next(block for block in blocks if 'wrap_socket' in block)
for node in ast.walk(ast.parse(client)):
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == 'pb':
        assert hasattr(pb, node.attr), node.attr
print('docs/protocol.md: its examples hold')
