/** The texts of a message that a reader can see, and how each is replaced. */

import type { IMessageBuilder } from '@rocket.chat/apps-engine/definition/accessors';
import type { IMessage, IMessageAttachment } from '@rocket.chat/apps-engine/definition/messages';

export interface Place {
    readonly text: string;
    /** Put another text here; absent where the interface has no way to. */
    readonly put?: (builder: IMessageBuilder, text: string) => void;
}

/** Return the places that hold text: the message's own, its attachments' and its blocks'. */
export function placesOf(message: IMessage): Place[] {
    const places: Place[] = [];
    if (message.text) {
        places.push({ text: message.text, put: (builder, text) => void builder.setText(text) });
    }
    (message.attachments ?? []).forEach((attachment, position) => places.push(...attached(attachment, position)));
    places.push(...inBlocks(message.blocks).map((text) => ({ text })));
    return places.filter((place) => place.text.trim() !== '');
}

function attached(attachment: IMessageAttachment, position: number): Place[] {
    const place = (text: string | undefined, changed: (text: string) => Partial<IMessageAttachment>): Place => ({
        text: text ?? '',
        put: (builder, replacement) => {
            const now = builder.getAttachments()[position] ?? attachment;
            builder.replaceAttachment(position, { ...now, ...changed(replacement) });
        },
    });
    const fields = attachment.fields ?? [];
    return [
        place(attachment.title?.value, (value) => ({ title: { ...attachment.title, value } })),
        place(attachment.text, (text) => ({ text })),
        place(attachment.description, (description) => ({ description })),
        ...fields.flatMap(({ title, value }) => [{ text: title ?? '' }, { text: value ?? '' }]),
    ];
}

/** Blocks nest without end and only apps write them: their texts are read, not replaced. */
function inBlocks(blocks: unknown): string[] {
    if (Array.isArray(blocks)) {
        return blocks.flatMap(inBlocks);
    }
    if (blocks === null || typeof blocks !== 'object') {
        return [];
    }
    return Object.entries(blocks).flatMap(([key, value]) =>
        key === 'text' && typeof value === 'string' ? [value] : inBlocks(value),
    );
}
