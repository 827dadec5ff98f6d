-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT code, name, kind FROM vocabulary.layer ORDER BY code
