/** What the administrator sets on the app's page, and how it is read. */

import type { IEnvironmentRead } from '@rocket.chat/apps-engine/definition/accessors';
import { SettingType, type ISetting } from '@rocket.chat/apps-engine/definition/settings';
import { within } from './deadline';

/** Rocket.Chat gives a handler one second and lets the message pass after that: we must have answered before. */
const LONGEST_WAIT = 700;
const SHORTEST_WAIT = 50;
/** Milliseconds for reading the settings. */
const READING = 120;

const PLATFORMS = ['pdd', 'taobao', 'jd', 'douyin', 'kuaishou'];

export interface Settings {
    /** Address of the route that is asked, with the shop's options in it. */
    readonly address: string;
    readonly key: string;
    /** Roles whose messages are checked; empty for everybody. */
    readonly roles: readonly string[];
    /** Milliseconds to wait for a verdict. */
    readonly timeout: number;
    readonly failOpen: boolean;
}

function setting(id: string, type: SettingType, packageValue: string | number, required = true): ISetting {
    return { id, type, packageValue, required, public: false, i18nLabel: id, i18nDescription: `${id}_description` };
}

function choice(id: string, keys: readonly string[]): ISetting {
    return {
        ...setting(id, SettingType.SELECT, keys[0] ?? ''),
        values: keys.map((key) => ({ key, i18nLabel: `${id}_${key}` })),
    };
}

export const SETTINGS: readonly ISetting[] = [
    setting('service', SettingType.STRING, 'http://127.0.0.1:8321'),
    setting('key', SettingType.PASSWORD, '', false),
    choice('platform', PLATFORMS),
    setting('profile', SettingType.STRING, '', false),
    setting('roles', SettingType.STRING, 'livechat-agent, livechat-manager, bot, app', false),
    choice('refuse', ['block', 'warn']),
    choice('replace', ['never', 'safe']),
    choice('unavailable', ['refuse', 'send']),
    setting('timeout', SettingType.NUMBER, 600),
];

/**
 * Read the settings, all at once, because each is a call into the server.
 *
 * @throws LateError the server did not give them in time
 */
export async function readSettings(environment: IEnvironmentRead): Promise<Settings> {
    const reader = environment.getSettings();
    const reading = Promise.all(SETTINGS.map(async ({ id }) => [id, await reader.getValueById(id)] as const));
    const known = await within(READING, reading);
    const values = new Map<string, unknown>(known);
    const value = (id: string): string => String(values.get(id) ?? '').trim();
    const options = ['platform', 'profile', 'refuse', 'replace']
        .filter((id) => value(id) !== '')
        .map((id) => `${id}=${encodeURIComponent(value(id))}`);
    const wait = Number(values.get('timeout'));
    return {
        address: `${value('service').replace(/\/+$/, '')}/integrations/message?${options.join('&')}`,
        key: value('key'),
        roles: value('roles').split(/[\s,，]+/).filter((role) => role !== ''),
        timeout: Math.min(LONGEST_WAIT, Math.max(SHORTEST_WAIT, Number.isFinite(wait) ? wait : LONGEST_WAIT)),
        failOpen: value('unavailable') === 'send',
    };
}
