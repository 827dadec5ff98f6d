-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT input FROM knowledge.share WHERE id = $1
