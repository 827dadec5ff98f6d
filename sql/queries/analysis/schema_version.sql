-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT coalesce(max(number), 0)::int8 FROM public.schema_version
