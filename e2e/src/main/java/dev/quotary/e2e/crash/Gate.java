package dev.quotary.e2e.crash;

/** Where workers wait while no server runs. */
final class Gate {
    private boolean open;

    synchronized void open() {
        open = true;
        notifyAll();
    }

    synchronized void close() {
        open = false;
    }

    synchronized void pass() throws InterruptedException {
        while (!open) {
            wait();
        }
    }
}
