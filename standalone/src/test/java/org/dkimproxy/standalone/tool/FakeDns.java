package org.dkimproxy.standalone.tool;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;

/** A name server on a loopback UDP port that knows some TXT records, fails for some names and is silent on others. */
final class FakeDns implements AutoCloseable {
    private final DatagramSocket socket;
    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    FakeDns() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    /** Gives a name these TXT records; {@code SERVFAIL} and {@code SILENCE} stand for themselves. */
    void put(String name, String... texts) {
        records.put(name + ".", List.of(texts));
    }

    /** The names asked for, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()));
                if (answer.length > 0) {
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private byte[] answer(byte[] query) throws IOException {
        Message question = new Message(query);
        Record asking = question.getQuestion();
        String name = asking.getName().toString();
        asked.add(name);
        List<String> texts = records.getOrDefault(name, List.of());
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(asking, Section.QUESTION);
        if (texts.equals(List.of("SILENCE"))) {
            return new byte[0];
        } else if (texts.equals(List.of("SERVFAIL"))) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        } else if (texts.equals(List.of("REFUSED"))) {
            answer.getHeader().setRcode(Rcode.REFUSED);
        } else if (texts.isEmpty()) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        if (answer.getHeader().getRcode() == Rcode.NOERROR) {
            for (String text : texts) {
                answer.addRecord(
                        new TXTRecord(asking.getName(), DClass.IN, 60, List.of(text.split("(?<=\\G.{255})"))),
                        Section.ANSWER);
            }
        }
        return answer.toWire();
    }

    @Override
    public void close() {
        socket.close();
    }
}
