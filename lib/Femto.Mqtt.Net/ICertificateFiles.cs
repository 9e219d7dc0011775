namespace Femto.Mqtt
{
    /// <summary>Where certificates and keys are: files on the board's drive, or the program's own text.</summary>
    public interface ICertificateFiles
    {
        /// <summary>The text of a PEM file, whole. Called at each connection, on its thread.</summary>
        /// <param name="name">As it stands in <see cref="TransportOptions"/>.</param>
        /// <exception cref="System.Exception">There is no such file; the message says so.</exception>
        string Text(string name);
    }
}
