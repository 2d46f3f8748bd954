// Stands in for a Rocket.Chat server: loads the packed app as the server's runtime does, and sends messages past it in
// the server's order. Reads one JSON object a line ({event, message, settings}), writes one a line.
'use strict';

const { createRequire } = require('node:module');
const readline = require('node:readline');
const fs = require('node:fs');
const path = require('node:path');

const [bundle, engine, info] = process.argv.slice(2);
const SECOND = 1000;
const engineRequire = createRequire(path.join(engine, 'package.json'));

function load() {
    const allowed = (name) => {
        if (!name.startsWith('@rocket.chat/apps-engine')) {
            throw new Error(`Module ${name} is not allowed`);
        }
        return engineRequire(name);
    };
    const module = { exports: {} };
    const code = fs.readFileSync(bundle, 'utf8');
    new Function('exports', 'module', 'require', 'console', 'globalThis', 'process', code)(
        module.exports, module, allowed, undefined, undefined, undefined,
    );
    return Object.values(module.exports)[0];
}

class Builder {
    constructor(message = {}) { this.message = structuredClone(message); }
    setRoom(room) { this.message.room = room; return this; }
    setSender(sender) { this.message.sender = sender; return this; }
    setText(text) { this.message.text = text; return this; }
    setThreadId(id) { this.message.threadId = id; return this; }
    getAttachments() { return this.message.attachments ?? []; }
    replaceAttachment(position, attachment) { this.message.attachments[position] = attachment; return this; }
    getMessage() { return this.message; }
}

const logs = [];
const notices = [];
const thrown = [];
const provided = new Map();
let settings = {};

const log = (level) => (...items) => logs.push([level, ...items].join(' '));
const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
const read = {
    getEnvironmentReader: () => ({
        getSettings: () => ({ getValueById: async (id) => settings[id] ?? provided.get(id).packageValue }),
    }),
    getNotifier: () => ({
        getMessageBuilder: () => new Builder(),
        notifyUser: async (user, message) => { notices.push({ to: user.id, text: message.text }); },
    }),
    getUserReader: () => ({ getAppUser: async () => ({ id: 'app' }) }),
};
const http = {
    post: async (url, { content, headers, timeout }) => {
        const response = await fetch(url, { method: 'POST', body: content, headers, signal: AbortSignal.timeout(timeout) });
        return { url, method: 'post', statusCode: response.status, content: await response.text() };
    },
};

// The server waits a second, and takes a handler that fails otherwise than by its own exception for one without a word.
async function called(app, method, ...args) {
    let timer;
    const late = new Promise((resolve) => { timer = setTimeout(resolve, SECOND, undefined); });
    try {
        return await Promise.race([app[method](...args), late]);
    } catch (error) {
        if (error.name === 'AppsEngineException') { throw error; }
        thrown.push(`${method}: ${error.message}`);
        return undefined;
    } finally {
        clearTimeout(timer);
    }
}

async function sent(app, event, message, between) {
    if (await called(app, `execute${event}Prevent`, message, read, http, {})) {
        return null;
    }
    const now = between === undefined ? message : { ...message, text: between };
    return (await called(app, `execute${event}Modify`, now, new Builder(now), read, http, {})) ?? now;
}

async function main() {
    const App = load();
    const app = new App(JSON.parse(fs.readFileSync(info, 'utf8')), logger, {});
    await app.initialize({ settings: { provideSetting: async (setting) => provided.set(setting.id, setting) } }, {});
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const asked = JSON.parse(line);
        settings = asked.settings;
        logs.length = notices.length = thrown.length = 0;
        const start = performance.now();
        let arrived = null;
        try {
            arrived = await sent(app, asked.event, asked.message, asked.between);
        } catch {
            arrived = null;
        }
        const milliseconds = performance.now() - start;
        process.stdout.write(`${JSON.stringify({ arrived, logs, notices, thrown, milliseconds })}\n`);
    }
}

main();
