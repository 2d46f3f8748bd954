/** Waiting no longer than one can afford. */

export class LateError extends Error {}

/**
 * Settle as the promise does.
 *
 * @throws LateError it did not settle within so many milliseconds
 */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new LateError('no answer in time')), milliseconds);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}
