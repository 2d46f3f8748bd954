/** Asks the checking service, within a time that is kept. */

import type { IHttp } from '@rocket.chat/apps-engine/definition/accessors';
import { LateError, within } from './deadline';
import type { Settings } from './settings';

export interface Ruling {
    readonly outcome: 'send' | 'replace' | 'refuse';
    /** What to send, in the order of the texts that were given. */
    readonly texts: readonly string[];
    /** For the agent, in Chinese. */
    readonly explanation: string;
}

/** No verdict: not reachable, too slow, or not understood. The message says which, and quotes nothing. */
export class UnavailableError extends Error {}

/**
 * Rule on the texts of one message.
 *
 * @throws UnavailableError no verdict came in time
 */
export async function ask(texts: readonly string[], settings: Settings, http: IHttp): Promise<Ruling> {
    const headers: Record<string, string> = { 'Content-Type': 'application/json' };
    if (settings.key !== '') {
        headers['Authorization'] = `Bearer ${settings.key}`;
    }
    const question = { content: JSON.stringify({ texts }), headers, timeout: settings.timeout };
    const response = await within(settings.timeout, http.post(settings.address, question)).catch((error: unknown) => {
        throw new UnavailableError(error instanceof LateError ? error.message : 'not reachable');
    });
    if (response.statusCode !== 200) {
        throw new UnavailableError(`status ${response.statusCode}`);
    }
    return understood(response.content ?? '', texts.length);
}

function understood(content: string, count: number): Ruling {
    let answer: Partial<Ruling> | null;
    try {
        answer = JSON.parse(content) as Partial<Ruling> | null;
    } catch {
        throw new UnavailableError('not JSON');
    }
    const { outcome, texts, explanation } = answer ?? {};
    const known = outcome === 'send' || outcome === 'replace' || outcome === 'refuse';
    if (!known || !Array.isArray(texts) || texts.length !== count || typeof explanation !== 'string') {
        throw new UnavailableError('not a ruling');
    }
    return { outcome, texts, explanation };
}
