import { useChildRef } from "@web/core/utils/hooks";

/**
 * For a dropdown with more in it than a menu may have: to those who do not see it, it is a dialog.
 *
 * @param {string} name
 */
export function useDropdownDialog(name) {
    const menuRef = useChildRef();
    return {
        menuRef,
        onOpened() {
            menuRef.el.setAttribute("role", "dialog");
            menuRef.el.setAttribute("aria-label", name);
        },
    };
}
