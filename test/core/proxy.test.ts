import { proxyFor, proxyHost } from '../../src/core/model/proxy.ts';

const url = 'https://ABC.gr7.us-east-1.eks.amazonaws.com';
const on = { HTTPS_PROXY: 'http://p:3128' };

describe('which proxy', () => {
  test.each([
    [{}, undefined],
    [on, 'HTTPS_PROXY'],
    [{ https_proxy: 'http://p:3128' }, 'https_proxy'],
    [{ HTTPS_PROXY: '', https_proxy: 'http://p:3128' }, 'https_proxy'],
    [{ HTTP_PROXY: 'http://p:3128' }, undefined],
    [{ ALL_PROXY: 'http://p:3128' }, undefined],
  ])('%j: %s', (env, from) => {
    expect(proxyFor(url, env, 'upper')?.from).toBe(from);
  });

  test('of two spellings kubectl takes the upper, aws the lower one', () => {
    const env = { HTTPS_PROXY: 'http://a', https_proxy: 'http://b' };
    expect([proxyFor(url, env, 'upper')?.url, proxyFor(url, env, 'lower')?.url]).toEqual([
      'http://a',
      'http://b',
    ]);
  });

  test('a plain URL has HTTP_PROXY, and a proxy without a scheme is an HTTP proxy', () => {
    const env = { HTTP_PROXY: 'p:3128', HTTPS_PROXY: 'http://q' };
    expect(proxyFor('http://api', env, 'upper')).toEqual({
      url: 'http://p:3128',
      from: 'HTTP_PROXY',
    });
  });

  test.each([
    'https://localhost:6443',
    'https://127.0.0.1:6443',
    'https://127.8.8.8',
    'https://[::1]',
  ])('loopback never goes through one: %s', (loopback) =>
    expect(proxyFor(loopback, on, 'upper')).toBeUndefined(),
  );
});

// The cases of Go's golang.org/x/net/http/httpproxy, which kubectl is built with.
describe('NO_PROXY', () => {
  test.each([
    ['*', url, true],
    ['amazonaws.com', url, true],
    ['.amazonaws.com', url, true],
    ['*.amazonaws.com', url, true],
    ['AMAZONAWS.COM', url, true],
    ['foo, amazonaws.com', url, true],
    ['foo amazonaws.com', url, true],
    ['mazonaws.com', url, false],
    ['us-west-2.eks.amazonaws.com', url, false],
    ['.abc.gr7.us-east-1.eks.amazonaws.com', url, false],
    ['abc.gr7.us-east-1.eks.amazonaws.com', url, true],
    ['amazonaws.com:443', url, true],
    ['amazonaws.com:8443', url, false],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3:6443', true],
    ['10.1.2.3:6443', 'https://10.1.2.3:6443', true],
    ['10.1.2.3:6443', 'https://10.1.2.3', false],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['fd00::1', 'https://[fd00:0::1]:6443', true],
    ['[fd00::1]', 'https://[fd00::1]', true],
    ['fd00::2', 'https://[fd00::1]', false],
    ['', url, false],
    [',', url, false],
  ])('%j and %s: direct %s', (list, to, direct) => {
    expect(proxyFor(to, { ...on, NO_PROXY: list }, 'upper') === undefined).toBe(direct);
    expect(proxyFor(to, { ...on, no_proxy: list }, 'lower') === undefined).toBe(direct);
  });
});

test('a proxy is named without its user and password', () => {
  expect(proxyHost('http://me:secret@p:3128')).toBe('p:3128');
});
