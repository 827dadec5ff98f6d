-- SPDX-License-Identifier: GPL-3.0-or-later
INSERT INTO knowledge.document (result, format, media_type, content) VALUES ($1, $2, $3, $4)
