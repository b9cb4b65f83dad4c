"""The process of a regular report on a directive: gathered, drafted, signed, made as documents, sent."""
