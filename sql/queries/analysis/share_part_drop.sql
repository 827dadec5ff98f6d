-- SPDX-License-Identifier: GPL-3.0-or-later
DELETE FROM knowledge.share_part WHERE share = $1 AND part = $2
