/** The app: rules on every message and edit of the agents, before anyone can read it. */

import type {
    IConfigurationExtend,
    IHttp,
    IMessageBuilder,
    IRead,
} from '@rocket.chat/apps-engine/definition/accessors';
import { App } from '@rocket.chat/apps-engine/definition/App';
import { AppsEngineException } from '@rocket.chat/apps-engine/definition/exceptions';
import type {
    IMessage,
    IPreMessageSentModify,
    IPreMessageSentPrevent,
    IPreMessageUpdatedModify,
    IPreMessageUpdatedPrevent,
} from '@rocket.chat/apps-engine/definition/messages';
import { within } from './deadline';
import { ask, UnavailableError, type Ruling } from './service';
import { readSettings, SETTINGS, type Settings } from './settings';
import { placesOf, type Place } from './texts';

const UNAVAILABLE = '暂时无法检查这条消息，所以没有发送，请稍后再试。';
const ENCRYPTED = '服务器看不到加密消息的内容，无法检查，所以没有发送。请使用未加密的会话。';
const REPLACED = '这条消息已按下面的提示改写后发送。';

/** Milliseconds for telling the agent, in what may be left of the server's second. */
const TELLING = 120;
/** Rulings kept from the question whether to prevent a message until the question how to modify it. */
const MOST_KEPT = 256;

interface Kept {
    readonly texts: string;
    /** Null for a message that passes unchecked. */
    readonly ruling: Ruling | null;
}

/**
 * There are no `check...` methods on purpose: the server takes one that fails for "this app does not care", and the
 * message would pass. It also lets a message pass when a handler throws, so every handler here catches what it can.
 */
export class ComplianceApp
    extends App
    implements IPreMessageSentPrevent, IPreMessageSentModify, IPreMessageUpdatedPrevent, IPreMessageUpdatedModify
{
    private readonly kept = new Map<string, Kept>();

    private unchecked = 0;

    public async executePreMessageSentPrevent(message: IMessage, read: IRead, http: IHttp): Promise<boolean> {
        return this.prevents(message, read, http);
    }

    public async executePreMessageUpdatedPrevent(message: IMessage, read: IRead, http: IHttp): Promise<boolean> {
        return this.prevents(message, read, http);
    }

    public async executePreMessageSentModify(
        message: IMessage,
        builder: IMessageBuilder,
        read: IRead,
        http: IHttp,
    ): Promise<IMessage> {
        return this.modified(message, builder, read, http);
    }

    public async executePreMessageUpdatedModify(
        message: IMessage,
        builder: IMessageBuilder,
        read: IRead,
        http: IHttp,
    ): Promise<IMessage> {
        return this.modified(message, builder, read, http);
    }

    protected async extendConfiguration(configuration: IConfigurationExtend): Promise<void> {
        await Promise.all(SETTINGS.map((setting) => configuration.settings.provideSetting(setting)));
    }

    private async prevents(message: IMessage, read: IRead, http: IHttp): Promise<boolean> {
        try {
            const settings = await readSettings(read.getEnvironmentReader());
            if (!concerns(settings, message)) {
                return false;
            }
            if (message.type === 'e2e') {
                await this.tell(ENCRYPTED, message, read);
                return true;
            }
            const places = placesOf(message);
            const ruling = await this.ruling(message, places, settings, http);
            this.keep(message, places, ruling);
            if (ruling === null || (ruling.outcome !== 'refuse' && canReplace(places, ruling))) {
                return false;
            }
            await this.tell(ruling.explanation, message, read);
            return true;
        } catch (error) {
            this.complain(message, error);
            await this.tell(UNAVAILABLE, message, read);
            return true;
        }
    }

    /** Replace texts; the only way left to stop a message here, which another app has changed, is an exception. */
    private async modified(message: IMessage, builder: IMessageBuilder, read: IRead, http: IHttp): Promise<IMessage> {
        const places = placesOf(message);
        const kept = this.taken(message, places);
        let ruling: Ruling | null;
        try {
            ruling = kept === undefined ? await this.asked(message, places, read, http) : kept.ruling;
        } catch (error) {
            this.complain(message, error);
            await this.tell(UNAVAILABLE, message, read);
            throw new AppsEngineException('The message could not be checked.');
        }
        if (ruling === null || ruling.outcome === 'send') {
            return message;
        }
        if (ruling.outcome === 'refuse' || !canReplace(places, ruling)) {
            await this.tell(ruling.explanation, message, read);
            throw new AppsEngineException('The message was refused by the compliance check.');
        }
        const { texts } = ruling;
        places.forEach(({ text, put }, position) => {
            const replacement = texts[position];
            if (put !== undefined && replacement !== undefined && replacement !== text) {
                put(builder, replacement);
            }
        });
        await this.tell(`${REPLACED}\n${ruling.explanation}`, message, read);
        return builder.getMessage();
    }

    /** Rule on a message on which no ruling was kept; null if it is none of our business. */
    private async asked(message: IMessage, places: readonly Place[], read: IRead, http: IHttp): Promise<Ruling | null> {
        const settings = await readSettings(read.getEnvironmentReader());
        return concerns(settings, message) ? this.ruling(message, places, settings, http) : null;
    }

    /** Return the ruling, or null for a message that passes unchecked because the shop wants it so. */
    private async ruling(
        message: IMessage,
        places: readonly Place[],
        settings: Settings,
        http: IHttp,
    ): Promise<Ruling | null> {
        if (places.length === 0) {
            return { outcome: 'send', texts: [], explanation: '' };
        }
        try {
            return await ask(places.map(({ text }) => text), settings, http);
        } catch (error) {
            if (!settings.failOpen || !(error instanceof UnavailableError)) {
                throw error;
            }
            this.unchecked += 1;
            const which = `message ${message.id ?? 'without id'} in room ${message.room.id}`;
            this.getLogger().warn(`${which} passed unchecked (${error.message}); ${this.unchecked} since the start`);
            return null;
        }
    }

    private keep(message: IMessage, places: readonly Place[], ruling: Ruling | null): void {
        if (message.id === undefined) {
            return;
        }
        this.kept.set(message.id, { texts: joined(places), ruling });
        for (const oldest of this.kept.keys()) {
            if (this.kept.size <= MOST_KEPT) {
                break;
            }
            this.kept.delete(oldest);
        }
    }

    private taken(message: IMessage, places: readonly Place[]): Kept | undefined {
        const kept = this.kept.get(message.id ?? '');
        this.kept.delete(message.id ?? '');
        return kept?.texts === joined(places) ? kept : undefined;
    }

    /** Show the agent, and nobody else, why; a message that cannot be shown must not change what is decided. */
    private async tell(text: string, message: IMessage, read: IRead): Promise<void> {
        try {
            await within(TELLING, this.shown(text, message, read));
        } catch {
            this.getLogger().warn(`the sender of message ${message.id ?? 'without id'} could not be told why`);
        }
    }

    private async shown(text: string, message: IMessage, read: IRead): Promise<void> {
        const notifier = read.getNotifier();
        const builder = notifier.getMessageBuilder().setRoom(message.room).setText(text);
        const self = await read.getUserReader().getAppUser();
        if (self !== undefined) {
            builder.setSender(self);
        }
        if (message.threadId !== undefined) {
            builder.setThreadId(message.threadId);
        }
        await notifier.notifyUser(message.editor ?? message.sender, builder.getMessage());
    }

    /** Log by id; what an error of the server says may quote the message and is left out. */
    private complain(message: IMessage, error: unknown): void {
        const reason = error instanceof UnavailableError ? error.message : 'the app failed';
        this.getLogger().error(`message ${message.id ?? 'without id'} refused without a verdict: ${reason}`);
    }
}

function concerns(settings: Settings, message: IMessage): boolean {
    const roles = (message.editor ?? message.sender).roles ?? [];
    return settings.roles.length === 0 || settings.roles.some((role) => roles.includes(role));
}

function canReplace(places: readonly Place[], ruling: Ruling): boolean {
    return places.every(({ text, put }, position) => put !== undefined || ruling.texts[position] === text);
}

function joined(places: readonly Place[]): string {
    return JSON.stringify(places.map(({ text }) => text));
}
