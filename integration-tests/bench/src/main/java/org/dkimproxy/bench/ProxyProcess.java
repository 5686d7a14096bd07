package org.dkimproxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The built proxy as a process of its own. What it logs goes to a file. */
record ProxyProcess(Process process, InetSocketAddress address) implements AutoCloseable {
    private static final int SECONDS_TO_STOP = 20;

    /**
     * Starts it and waits until it listens.
     *
     * @param folder for its conf file, its key and its log
     * @param logLevel {@code info} for a line for each message
     */
    static ProxyProcess start(BuiltTree tree, Path folder, InetSocketAddress relay, String logLevel) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), PostfixTools.freePort());
        Path conf = BuiltTree.configure(folder, address.getPort(), relay, logLevel);
        ProcessBuilder builder = new ProcessBuilder(tree.program().toString(), "--conf_file=" + conf)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("proxy.log").toFile());
        builder.environment().put("DKIMPROXY_JAVA_OPTS", "-XX:-DisableAttachMechanism -XX:+StartAttachListener");
        Process process = builder.start();
        PostfixTools.awaitListening(address, process);
        return new ProxyProcess(process, address);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the proxy did not stop within " + SECONDS_TO_STOP + " s");
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
