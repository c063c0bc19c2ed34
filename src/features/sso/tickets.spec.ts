import { describe, expect, it } from 'vitest';
import { createSecretBox } from '#platform/secrets/envelope.ts';
import { createTickets, LOGIN_MS, ownPlace, readTicketCookie, sameText, ticketCookie } from './tickets.ts';

const key = { id: 'test', key: Buffer.alloc(32, 3) };
let time = 1_000_000;
const tickets = createTickets({ secrets: createSecretBox({ current: key, all: [key] }), now: () => time });

describe('tickets', () => {
  it('know their own request ids, for one provider and a while', () => {
    const id = tickets.requestId('corp');
    expect(id).toMatch(/^_[A-Za-z0-9._-]+$/);
    expect(id.length).toBeLessThan(160);
    expect(tickets.readRequestId('corp', id)).toEqual(new Date(time + LOGIN_MS));
    expect(tickets.readRequestId('other', id)).toBeUndefined();
    expect(tickets.readRequestId('corp', `${id}x`)).toBeUndefined();
    expect(tickets.readRequestId('corp', id.slice(1))).toBeUndefined();
    time += LOGIN_MS;
    expect(tickets.readRequestId('corp', id)).toBeUndefined();
  });

  it('are not taken for each other', () => {
    const proof = tickets.sealProof({ userUuid: 'u', requestId: 'r' });
    expect(tickets.openProof(proof)).toMatchObject({ userUuid: 'u', requestId: 'r' });
    expect(tickets.openTicket(proof)).toBeUndefined();
    expect(tickets.openProof(tickets.sealTicket({ provider: 'p', id: 'i', returnTo: '/' }))).toBeUndefined();
    for (const text of ['', 'x', 'v1.test.a.b', 'x'.repeat(10_000)]) expect(tickets.openProof(text)).toBeUndefined();
  });

  it.each([true, false])('travel in a cookie (secure: %s)', (secure) => {
    const header = ticketCookie('v1.a.b.c', secure);
    expect(header).toMatch(/HttpOnly; SameSite=Lax/);
    expect(header.includes('; Secure')).toBe(secure);
    expect(readTicketCookie(`other=1; ${header.split(';')[0]}`)).toBe('v1.a.b.c');
    expect(readTicketCookie(undefined)).toBeUndefined();
  });
});

describe('ownPlace', () => {
  it.each([
    ['/images', '/images'],
    ['/images?a=b&c=%20#x', '/images?a=b&c=%20#x'],
    [undefined, '/images'],
    ['', '/images'],
    ['images', '/images'],
    ['//evil.example.org', '/images'],
    ['/\\evil.example.org', '/images'],
    ['https://evil.example.org', '/images'],
    ['/a\r\nset-cookie: x', '/images'],
    [`/${'x'.repeat(3000)}`, '/images'],
  ])('%j leads to %j', (given, expected) => expect(ownPlace(given)).toBe(expected));
});

describe('sameText', () => {
  it('compares texts of any length', () => {
    expect(sameText('a', 'a')).toBe(true);
    expect(sameText('a', 'ab')).toBe(false);
  });
});
