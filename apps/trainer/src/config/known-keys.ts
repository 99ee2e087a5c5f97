import { z } from 'zod';

/** The part of a JSON schema that says which keys stand where. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly prefixItems?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
}

/** The keys that may stand at a place of a value of this schema, over all its variants. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const root = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  }) as SchemaNode;
  const nodes = path.reduce<SchemaNode[]>(
    (found, step) => found.flatMap((node) => below(node, step)),
    variants(root),
  );
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}

function below(node: SchemaNode, step: PropertyKey): SchemaNode[] {
  const next =
    typeof step === 'number' ? (node.prefixItems?.[step] ?? node.items) : node.properties?.[String(step)];
  return next === undefined ? [] : variants(next);
}

function variants(node: SchemaNode): SchemaNode[] {
  const choices = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  return [node, ...choices.flatMap(variants)];
}
