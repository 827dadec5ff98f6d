-- SPDX-License-Identifier: GPL-3.0-or-later
INSERT INTO knowledge.result (id, family, spec, spec_hash, language, watermark, input_hash, seed, software, engine, computed_at, seconds,
                              message, body, document, media_type)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::timestamptz, $12, $13, $14::text::jsonb, $15, $16)
ON CONFLICT (family, spec_hash, language, watermark) DO NOTHING RETURNING id
