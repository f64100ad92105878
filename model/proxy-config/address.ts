/** True for four whole numbers up to 255 between dots. */
export function isIPv4(text: string): boolean {
    const parts = text.split(".");
    return (
        parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
    );
}
