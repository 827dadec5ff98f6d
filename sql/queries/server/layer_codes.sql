-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT name, code FROM vocabulary.layer ORDER BY code
