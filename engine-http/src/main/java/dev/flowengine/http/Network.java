package dev.flowengine.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses that begin with the same bits. */
final class Network {
    private final String text;
    private final byte[] prefix;
    private final int bits;

    private Network(String text, byte[] prefix, int bits) {
        this.text = text;
        this.prefix = prefix;
        this.bits = bits;
    }

    static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = bytes(slash < 0 ? text : text.substring(0, slash), text);
        int most = address.length * Byte.SIZE;
        int bits = slash < 0 ? most : length(text.substring(slash + 1), most, text);
        return new Network(text, address, bits);
    }

    boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (address[i] != prefix[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || ((address[whole] ^ prefix[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
    }

    private static byte[] bytes(String address, String text) {
        // A name would be looked up: what is given in figures holds nothing else.
        if (!address.matches("[0-9.]+") && !(address.contains(":") && address.matches("[0-9a-fA-F:.]+"))) {
            throw refused(text);
        }
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException none) {
            throw refused(text);
        }
    }

    private static int length(String bits, int most, String text) {
        if (bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= most) {
            return Integer.parseInt(bits);
        }
        throw refused(text);
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("'" + text + "' is no network such as 10.20.0.0/16 or fd12:3456::/32");
    }

    @Override
    public String toString() {
        return text;
    }
}
