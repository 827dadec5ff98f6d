-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT body::text, document, media_type FROM knowledge.result WHERE id = $1
