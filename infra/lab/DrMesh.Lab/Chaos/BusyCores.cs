namespace DrMesh.Lab.Chaos;

/// <summary>Takes the machine's processor time: two threads for each core that do nothing but run.</summary>
internal sealed class BusyCores
{
    private const int ThreadsPerCore = 2;
    private volatile bool _isRunning;

    /// <summary>Begins; once more changes nothing.</summary>
    public void Start()
    {
        if (_isRunning)
        {
            return;
        }

        _isRunning = true;
        foreach (var number in Enumerable.Range(1, ThreadsPerCore * Environment.ProcessorCount))
        {
            new Thread(Spin) { IsBackground = true, Name = $"busy-{number}" }.Start();
        }
    }

    /// <summary>Ends.</summary>
    public void Stop() => _isRunning = false;

    private void Spin()
    {
        while (_isRunning)
        {
            Thread.SpinWait(10_000);
        }
    }
}
