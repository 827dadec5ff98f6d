/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which program this is, to the letter: version, and a digest of all sources that decide what a result says, texts and their
 * translations included (cmake/source_digest.cmake). Stored results and parts of path work are of the same program only.
 */
#ifndef SAMORDNING_WORKER_BUILD_H
#define SAMORDNING_WORKER_BUILD_H

#define WORKER_BUILD_MAX 48 /* bytes it is expected to take in a watermark */

extern const char worker_build[]; /* "samordning 0.1.0 build 0123456789ab" */

#endif
