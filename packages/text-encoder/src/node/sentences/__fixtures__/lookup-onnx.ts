/**
 * The smallest encoder in ONNX, written by hand in protobuf's wire format (onnx.proto3): `last_hidden_state` [M, L, H] is a row of a
 * table [V, H] for each of the ids [M, L]. `extraInput` asks for one more input, `output` names the result.
 */
export function lookupOnnx(
  table: readonly (readonly number[])[],
  { extraInput, flat = false }: { extraInput?: string; flat?: boolean } = {},
): Uint8Array {
  const width = table[0]?.length ?? 0;
  const values = new Uint8Array(Float32Array.from(table.flat()).buffer);
  const initializer = [number(1, table.length), number(1, width), number(2, 1), text(8, 'table'), bytes(9, values)];
  const gather = node('Gather', ['table', 'input_ids'], flat ? 'rows' : 'last_hidden_state');
  const whole = node('ReduceSum', ['rows'], 'last_hidden_state');
  const inputs = ['input_ids', 'attention_mask', ...(extraInput === undefined ? [] : [extraInput])];
  const graph = [
    bytes(1, gather),
    ...(flat ? [bytes(1, whole)] : []),
    text(2, 'lookup'),
    bytes(5, join(initializer)),
    ...inputs.map((name) => bytes(11, value(name, int64))),
    bytes(12, value('last_hidden_state', float)),
  ];
  return join([number(1, 8), bytes(7, join(graph)), bytes(8, join([text(1, ''), number(2, 13)]))]);
}

const float = 1;
const int64 = 7;

function node(operation: string, inputs: readonly string[], output: string): Uint8Array {
  return join([...inputs.map((input) => text(1, input)), text(2, output), text(4, operation)]);
}

/** A tensor of that element type, its shape left open. */
function value(name: string, type: number): Uint8Array {
  return join([text(1, name), bytes(2, bytes(1, number(1, type)))]);
}

function number(field: number, amount: number): Uint8Array {
  return join([varint(field << 3), varint(amount)]);
}

function text(field: number, content: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(content));
}

function bytes(field: number, content: Uint8Array): Uint8Array {
  return join([varint((field << 3) | 2), varint(content.byteLength), content]);
}

function varint(amount: number): Uint8Array {
  const digits: number[] = [];
  for (let rest = amount; rest > 127; rest >>>= 7) digits.push((rest & 127) | 128);
  return Uint8Array.from([...digits, amount >>> (7 * digits.length)]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
