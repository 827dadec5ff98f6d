-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id, orgnr FROM access.organisation
