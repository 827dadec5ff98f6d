/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tells systemd how the daemon is, when it was started by it; does nothing otherwise.
 */
#ifndef SAMORDNING_NOTIFY_H
#define SAMORDNING_NOTIFY_H

#include <stdint.h>

void notify_status(const char *text); /* shown by systemctl status */
void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);
void notify_watchdog(void);
/* How often notify_watchdog must come; 0 = no watchdog. */
uint64_t notify_watchdog_us(void);
/* In a child, before it becomes another program: only the daemon speaks for the service. */
void notify_forget(void);

#endif
