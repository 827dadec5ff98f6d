/* SPDX-License-Identifier: GPL-3.0-or-later
 * Linked into every program built with sanitizers: has the kernel map their big tables by huge pages.
 *
 * The address sanitizer keeps its stacks of callers in zeroed tables of several megabytes. When a program ends the leak checker
 * reads them from end to end, a page fault for each 4 KiB: two thirds of all faults of a short run, and the tests start some
 * thousand. */
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

enum { HUGE_PAGE_BYTES = 2 << 20 };

static int advise(struct dl_phdr_info *object, size_t size, void *argument)
{
    (void)size, (void)argument;
    for (int p = 0; p < object->dlpi_phnum; p++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[p];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_W))
            continue;
        uintptr_t begin = (object->dlpi_addr + part->p_vaddr + HUGE_PAGE_BYTES - 1) & ~(uintptr_t)(HUGE_PAGE_BYTES - 1);
        uintptr_t end = (object->dlpi_addr + part->p_vaddr + part->p_memsz) & ~(uintptr_t)(HUGE_PAGE_BYTES - 1);
        if (end > begin)
            (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE); /* a kernel without them does as before */
    }
    return 0;
}

__attribute__((constructor)) static void advise_all(void)
{
    dl_iterate_phdr(advise, NULL);
}
