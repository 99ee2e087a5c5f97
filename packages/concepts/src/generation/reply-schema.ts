import { z } from 'zod';
import type { ConceptTexts } from '../schema.js';

/** The texts of one class as a language model gives them. */
export interface RepliedClass extends ConceptTexts {
  name: string;
}

/** What a language model answers. */
export interface ConceptReply {
  classes: RepliedClass[];
}

const text = z.string();

/** The form of a reply. It limits no length, for not every server knows how to; `readReply` does. */
export const replySchema: z.ZodType<ConceptReply> = z.strictObject({
  classes: z.array(
    z.strictObject({
      name: text,
      title: text,
      shape: text,
      location: text,
      appearance: text,
      contour: text,
      texture: text,
    }),
  ),
});

/** The same as a JSON schema, for a server that holds its model to it. */
export function replyJsonSchema(): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(replySchema);
  return schema;
}
