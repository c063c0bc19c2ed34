import { after, type Product } from './product.ts';

/** Servers, beyond those of `products.ts`. */
export const SERVER_PRODUCTS: readonly Product[] = [
  {
    name: 'openssh',
    file: /^(sshd?|sshd-session|ssh-(agent|add|keygen|keyscan)|sftp(-server)?|scp)$/,
    signatures: [{ anchor: 'OpenSSH_', pattern: /^OpenSSH_(?<version>\d+\.\d+p\d+)/ }],
    cpes: [['openbsd', 'openssh']],
  },
  {
    name: 'dropbear',
    file: /^(dropbear(multi|key|convert)?|dbclient)$/,
    signatures: [{ anchor: 'dropbear_', pattern: /^dropbear_(?<version>\d{4}\.\d+)/ }],
    cpes: [['dropbear_ssh_project', 'dropbear_ssh']],
  },
  {
    name: 'squid',
    file: /^squid$/,
    signatures: [{ anchor: 'squid/', pattern: /^squid\/(?<version>\d+\.\d+(?:\.\d+)?)\0/ }],
    cpes: [['squid-cache', 'squid']],
  },
  {
    name: 'openldap',
    file: /^(slapd|libldap[-_.\d]*(_r)?[-.\d]*\.so[.\d]*)$/,
    signatures: [{ anchor: '$OpenLDAP: ', pattern: /^\$OpenLDAP: \S+ (?<version>\d+\.\d+\.\d+)/ }],
    cpes: [['openldap', 'openldap']],
  },
  {
    name: 'krb5',
    file: /^(libkrb5(-[\da-f]{8})?\.so[.\d]*|krb5kdc|kadmind)$/,
    signatures: [{ anchor: 'KRB5_BRAND: krb5-', pattern: after('^KRB5_BRAND: krb5-') }],
    cpes: [
      ['mit', 'kerberos_5'],
      ['mit', 'kerberos'],
    ],
  },
  {
    name: 'heimdal',
    file: /^(kdc|kadmind|libkrb5\.so\.26[.\d]*|libheimbase\.so[.\d]*)$/,
    signatures: [{ anchor: 'Heimdal ', pattern: after('^Heimdal ') }],
    cpes: [['heimdal_project', 'heimdal']],
  },
  {
    name: 'dnsmasq',
    file: /^dnsmasq$/,
    signatures: [{ anchor: 'dnsmasq-', pattern: /^dnsmasq-(?<version>\d+\.\d+(?:\.\d+)?)\0/ }],
    cpes: [['thekelleys', 'dnsmasq']],
  },
  {
    name: 'exim',
    file: /^exim4?$/,
    signatures: [
      { anchor: '<<eximversion>>', before: 24, pattern: /\0(?<version>4\.\d+(?:\.\d+)?)\0+<<eximversion>>/ },
    ],
    cpes: [['exim', 'exim']],
  },
  {
    name: 'postfix',
    file: /^(master|postfix|postconf|smtpd)$/,
    signatures: [{ anchor: 'mail_version=', pattern: after('^mail_version=') }],
    cpes: [['postfix', 'postfix']],
  },
  {
    name: 'dovecot',
    file: /^dovecot$/,
    signatures: [{ anchor: 'Dovecot v', pattern: after('^Dovecot v') }],
    cpes: [['dovecot', 'dovecot']],
  },
  {
    name: 'tor',
    file: /^tor$/,
    signatures: [{ anchor: '(tor 0.', pattern: /^\(tor (?<version>0\.\d+\.\d+\.\d+)/ }],
    cpes: [['torproject', 'tor']],
  },
  {
    name: 'coturn',
    file: /^turnserver$/,
    signatures: [{ anchor: 'Coturn-', pattern: after('^Coturn-') }],
    cpes: [['coturn_project', 'coturn']],
  },
  {
    name: 'strongswan',
    file: /^charon(-systemd|-nm)?$/,
    signatures: [{ anchor: '(strongSwan ', pattern: after('^\\(strongSwan ') }],
    cpes: [['strongswan', 'strongswan']],
  },
  {
    name: 'openvpn',
    file: /^openvpn$/,
    signatures: [{ anchor: 'OpenVPN ', pattern: /^OpenVPN (?<version>\d+\.\d+\.\d+) [\w.-]+ \[/ }],
    cpes: [['openvpn', 'openvpn']],
  },
  {
    name: 'freeradius',
    file: /^(freeradius|radiusd)$/,
    signatures: [{ anchor: 'FreeRADIUS Version ', pattern: after('^FreeRADIUS Version ') }],
    cpes: [['freeradius', 'freeradius']],
  },
  {
    name: 'mosquitto',
    file: /^mosquitto$/,
    signatures: [
      { anchor: 'mosquitto version %s', before: 24, pattern: /\0(?<version>\d+\.\d+\.\d+)\0+mosquitto version/ },
    ],
    cpes: [['eclipse', 'mosquitto']],
  },
  {
    name: 'vsftpd',
    file: /^vsftpd$/,
    signatures: [{ anchor: 'vsFTPd ', pattern: after('^vsFTPd ') }],
    cpes: [['vsftpd_project', 'vsftpd']],
  },
  {
    name: 'keepalived',
    file: /^keepalived$/,
    signatures: [{ anchor: 'Keepalived v', pattern: after('^Keepalived v') }],
    cpes: [['keepalived', 'keepalived']],
  },
];
